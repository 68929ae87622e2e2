// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/fleet_page.h"

#include <QFrame>
#include <QHeaderView>
#include <QLabel>
#include <QTableWidget>
#include <QVBoxLayout>

#include "ui/fleet/fleet_presenter.h"
#include "ui/theme/look.h"

namespace sluice::ui {

FleetPage::FleetPage(const PageContext& context, QWidget* parent)
    : Page(context, parent)
    , m_table(new QTableWidget(this))
{
    m_table->setObjectName(QStringLiteral("fleet.table"));
    m_table->setAccessibleName(tr("Targets"));
    m_table->setColumnCount(6);
    m_table->setHorizontalHeaderLabels(
        {tr("Service"), tr("Environment"), tr("State"), tr("Version"), tr("On the new version"), tr("Score")});
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->verticalHeader()->hide();
    m_table->setShowGrid(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setTabKeyNavigation(false);

    auto* card = new QFrame(this);
    setLook(card, "card");
    auto* inside = new QVBoxLayout(card);
    inside->setContentsMargins(12, 8, 12, 12);
    inside->addWidget(m_table);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(18, 14, 18, 14);
    column->setSpacing(12);
    column->addWidget(makeLabel(this, "title", title()));
    column->addWidget(card, 1);
    connect(m_table, &QTableWidget::cellActivated, this, [this](int row, int) { openRow(row); });
}

QWidget* FleetPage::firstFocus()
{
    return m_table;
}

void FleetPage::openRow(int row)
{
    const QString rollout = m_table->item(row, 0)->data(Qt::UserRole).toString();
    if (!rollout.isEmpty()) emit rolloutAsked(rollout);
}

void FleetPage::showSnapshot(const engine::Snapshot& snapshot)
{
    const QList<FleetRow> rows = fleetRows(snapshot, formats());
    m_table->setRowCount(static_cast<int>(rows.size()));
    for (int at = 0; at < m_table->rowCount(); ++at) {
        const FleetRow& row = rows.at(at);
        int column = 0;
        for (const QString& words : {row.service, row.environment, row.state, row.version, row.share, row.score}) {
            QTableWidgetItem* item = m_table->item(at, column);
            if (item == nullptr) m_table->setItem(at, column, item = new QTableWidgetItem);
            if (item->text() != words) item->setText(words);
            item->setData(Qt::UserRole, row.rollout);
            ++column;
        }
    }
}

} // namespace sluice::ui
