// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/actions/command_palette.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <vector>

#include "ui/actions/action_catalog.h"
#include "ui/theme/fonts.h"
#include "ui/theme/palette.h"

namespace sluice::ui {

namespace {

constexpr int kRowsShown = 12;
constexpr int kRowHeight = 30;
constexpr int kRowGap = 12;
constexpr int kTextWidth = 250; ///< what the sheet leaves for the name, a little less
constexpr int kWhyWidth = 300;  ///< a key, or why the action is asleep; sentences wrap

} // namespace

int matchScore(const QString& letters, const QString& text)
{
    int score = 0;
    qsizetype at = 0;
    qsizetype last = -2;
    const QString wanted = QString(letters).remove(QLatin1Char(' '));
    for (const QChar letter : wanted) {
        const qsizetype found = text.indexOf(letter, at, Qt::CaseInsensitive);
        if (found < 0) return -1;
        const bool wordStart = found == 0 || text.at(found - 1).isSpace();
        score += wordStart ? 8 : 1;
        if (found == last + 1) score += 4;
        last = found;
        at = found + 1;
    }
    return score;
}

CommandPalette::CommandPalette(ActionCatalog& catalog, QWidget* over)
    : Sheet(tr("Do something"), over)
    , m_catalog(catalog)
    , m_input(new QLineEdit(this))
    , m_list(new QTreeWidget(this))
{
    m_input->setObjectName(QStringLiteral("palette.input"));
    m_input->setAccessibleName(tr("Find an action"));
    m_input->setPlaceholderText(tr("Type a few letters of what you want to do"));
    m_input->installEventFilter(this);
    m_list->setObjectName(QStringLiteral("palette.list"));
    m_list->setAccessibleName(tr("Actions"));
    m_list->setColumnCount(2);
    m_list->setRootIsDecorated(false);
    m_list->setWordWrap(true);
    m_list->header()->hide();
    m_list->header()->setStretchLastSection(false);
    m_list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_list->header()->setSectionResizeMode(1, QHeaderView::Fixed);
    m_list->header()->resizeSection(1, kWhyWidth);
    m_list->setFixedHeight(kRowsShown * kRowHeight);
    content()->addWidget(m_input);
    content()->addWidget(m_list);
    connect(m_input, &QLineEdit::textChanged, this, &CommandPalette::fill);
    connect(m_input, &QLineEdit::returnPressed, this, &CommandPalette::run);
    connect(m_list, &QTreeWidget::itemActivated, this, &CommandPalette::run);
    fill({});
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_input && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        const int step = key == Qt::Key_Down ? 1 : key == Qt::Key_Up ? -1 : 0;
        const int row = m_list->indexOfTopLevelItem(m_list->currentItem()) + step;
        if (step != 0 && row >= 0 && row < m_list->topLevelItemCount()) {
            m_list->setCurrentItem(m_list->topLevelItem(row));
            return true;
        }
    }
    return Sheet::eventFilter(watched, event);
}

void CommandPalette::fill(const QString& letters)
{
    struct Hit {
        ActionCatalog::Row row{};
        int score{0};
    };
    std::vector<Hit> hits;
    for (const ActionCatalog::Row& row : m_catalog.rows()) {
        const int score = matchScore(letters, row.text);
        if (score >= 0) hits.push_back({row, score + (row.enabled ? 2 : 0)});
    }
    std::ranges::stable_sort(hits, std::ranges::greater{}, &Hit::score);

    const Palette p = colours(this);
    m_list->clear();
    for (const Hit& hit : hits) {
        auto* item = new QTreeWidgetItem(m_list, {hit.row.text, hit.row.enabled ? hit.row.key : hit.row.whyNot});
        item->setData(0, Qt::UserRole, hit.row.id);
        item->setForeground(0, hit.row.enabled ? p.text : p.third);
        item->setForeground(1, p.third);
        item->setFont(1, hit.row.enabled ? monoFont() : textFont(12));
        item->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
        const auto height = [item](int column, int width) {
            const QFontMetrics metrics(column == 0 ? textFont() : item->font(column));
            return metrics.boundingRect(QRect(0, 0, width, 1'000), Qt::TextWordWrap, item->text(column)).height();
        };
        const int needed = std::max(height(0, kTextWidth), height(1, kWhyWidth - kRowHeight));
        item->setSizeHint(0, QSize(0, std::max(kRowHeight, needed + kRowGap)));
    }
    if (m_list->topLevelItemCount() > 0) m_list->setCurrentItem(m_list->topLevelItem(0));
}

void CommandPalette::run()
{
    const QTreeWidgetItem* item = m_list->currentItem();
    if (item == nullptr) return;
    const QString id = item->data(0, Qt::UserRole).toString();
    ActionCatalog& catalog = m_catalog;
    // The sheet must be gone first: it is what keeps most actions asleep.
    closeSheet();
    catalog.trigger(id);
}

} // namespace sluice::ui
