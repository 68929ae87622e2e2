// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <QWidget>

#include "ui/theme/look.h"

class QGridLayout;
class QLabel;

namespace sluice::ui {

/// A few rows to read, not to work with: evidence, plan, proof.
struct FactTableData {
    struct Column {
        QString title{};
        bool right{false}; ///< numbers stand at the end
        bool wide{false};  ///< takes the room that is left, wraps
    };
    struct Cell {
        QString text{};
        Tone tone{Tone::Text};
        bool mono{false};
        QString whole{}; ///< what `text` shortens, for a tool tip and for who listens
        friend bool operator==(const Cell&, const Cell&) = default;
    };
    QList<Column> columns{};
    QList<QList<Cell>> rows{};
};

class FactTable : public QWidget {
    Q_OBJECT

public:
    explicit FactTable(QWidget* parent);
    /// Builds anew only when the shape changes; otherwise exchanges words.
    void present(const FactTableData& table);

private:
    void build(const FactTableData& table);

    QGridLayout* m_grid;
    QList<QList<QLabel*>> m_cells{};
    QStringList m_titles{};
    QList<QWidget*> m_all{};
};

} // namespace sluice::ui
