// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/actions/key_sheet.h"

#include <QGridLayout>
#include <QLabel>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/actions/action_catalog.h"
#include "ui/theme/look.h"
#include "ui/widgets/action_button.h"

namespace sluice::ui {

namespace {

constexpr int kColumns = 2;

/// Groups in the order in which they first appear, each in one piece.
std::vector<ActionCatalog::Row> byGroup(std::vector<ActionCatalog::Row> rows)
{
    QStringList order;
    for (const ActionCatalog::Row& row : rows)
        if (!order.contains(row.group)) order << row.group;
    std::ranges::stable_sort(rows, {}, [&order](const ActionCatalog::Row& row) { return order.indexOf(row.group); });
    return rows;
}

} // namespace

KeySheet::KeySheet(const ActionCatalog& catalog, const QString& page, QWidget* over)
    : Sheet(tr("Keys of this screen"), over)
    , m_close(new ActionButton(tr("Close"), "plain", this))
{
    setPreferredWidth(720);
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(6);
    int at = 0;
    QString group;
    for (const ActionCatalog::Row& row : byGroup(catalog.rows())) {
        if (row.key.isEmpty() || (!row.page.isEmpty() && row.page != page)) continue;
        if (row.group != group) {
            group = row.group;
            at = (at + kColumns - 1) / kColumns * kColumns;
            grid->addWidget(makeLabel(this, "head", group), at / kColumns, 0, 1, 2 * kColumns);
            at += kColumns;
        }
        const int column = at % kColumns * 2;
        grid->addWidget(makeLabel(this, "mono", row.key), at / kColumns, column);
        grid->addWidget(makeWrapped(this, "body", row.text), at / kColumns, column + 1);
        grid->setColumnStretch(column + 1, 1);
        ++at;
    }
    content()->addLayout(grid);
    m_close->setObjectName(QStringLiteral("keys.close"));
    m_close->setKeyHint(tr("Esc"));
    connect(m_close, &QPushButton::clicked, this, &Sheet::closeSheet);
    footer()->addWidget(m_close, 0, Qt::AlignRight);
}

} // namespace sluice::ui
