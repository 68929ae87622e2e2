// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

#include "ui/fleet/fleet_table.h"

namespace sluice::ui {

/// Paints one cell of the fleet: words, the share as a bar with what was asked and what is seen, the last hour as a
/// line.
class FleetDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    explicit FleetDelegate(FleetTable* table);

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    /// What the cell needs to show all of its words at the width of its column.
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    FleetTable* m_table;
};

} // namespace sluice::ui
