// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>

#include "ui/fleet/fleet_presenter.h"

namespace sluice::ui {

/// Rows of the fleet for any view. A picture without news changes nothing; one with the same targets changes only the
/// rows that differ.
class FleetModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Service, Environment, State, Version, Share, Score, Line, Waits, Owner, kColumns };

    using QAbstractTableModel::QAbstractTableModel;

    /// True when rows came, went or moved.
    bool present(const QList<FleetRow>& rows);
    void setLineTitle(const QString& title);
    /// Headings stand over their words in right-to-left languages too.
    void setDirection(Qt::LayoutDirection direction);
    const FleetRow& row(int at) const { return m_rows.at(at); }
    /// -1 when it is not shown.
    int rowOf(const QString& target) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QList<FleetRow> m_rows{};
    QString m_lineTitle{};
    Qt::LayoutDirection m_direction{Qt::LeftToRight};
};

} // namespace sluice::ui
