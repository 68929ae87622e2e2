// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/fleet_model.h"

#include <QStyle>
#include <algorithm>

namespace sluice::ui {

bool FleetModel::present(const QList<FleetRow>& rows)
{
    if (!std::ranges::equal(rows, m_rows, {}, &FleetRow::target, &FleetRow::target)) {
        beginResetModel();
        m_rows = rows;
        endResetModel();
        return true;
    }
    for (int at = 0; at < static_cast<int>(rows.size()); ++at) {
        if (rows.at(at) == m_rows.at(at)) continue;
        m_rows[at] = rows.at(at);
        emit dataChanged(index(at, 0), index(at, kColumns - 1));
    }
    return false;
}

void FleetModel::setLineTitle(const QString& title)
{
    if (m_lineTitle == title) return;
    m_lineTitle = title;
    emit headerDataChanged(Qt::Horizontal, Line, Line);
}

void FleetModel::setDirection(Qt::LayoutDirection direction)
{
    if (m_direction == direction) return;
    m_direction = direction;
    emit headerDataChanged(Qt::Horizontal, 0, kColumns - 1);
}

int FleetModel::rowOf(const QString& target) const
{
    const auto found = std::ranges::find(m_rows, target, &FleetRow::target);
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

int FleetModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int FleetModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : kColumns;
}

QVariant FleetModel::data(const QModelIndex& index, int role) const
{
    if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole) return {};
    const FleetRow& row = m_rows.at(index.row());
    switch (static_cast<Column>(index.column())) {
    case Service: return row.service;
    case Environment: return row.environment;
    case State: return row.state;
    case Version: return row.version;
    case Share: return row.share;
    case Score: return row.score;
    case Line: return row.lineWords;
    case Waits: return row.waits;
    case Owner: return row.owner;
    case kColumns: return {};
    }
    return {};
}

QVariant FleetModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole) {
        const Qt::Alignment side = section == Score ? Qt::AlignRight : Qt::AlignLeft;
        return static_cast<int>(QStyle::visualAlignment(m_direction, side) | Qt::AlignVCenter) | Qt::TextWordWrap;
    }
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (static_cast<Column>(section)) {
    case Service: return tr("Service");
    case Environment: return tr("Environment");
    case State: return tr("State");
    case Version: return tr("Version");
    case Share: return tr("On the new version");
    case Score: return tr("Score");
    case Line: return m_lineTitle;
    case Waits: return tr("Waiting for");
    case Owner: return tr("Owner");
    case kColumns: return {};
    }
    return {};
}

} // namespace sluice::ui
