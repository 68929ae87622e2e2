// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QTableView>
#include <array>

#include "ui/fleet/fleet_model.h"

namespace sluice::ui {

/// The fleet as painted rows: thousands cost what is visible. Columns are as wide as their words, the sentence takes
/// the rest and wraps; nothing is elided.
class FleetTable : public QTableView {
    Q_OBJECT

public:
    explicit FleetTable(QWidget* parent);

    void present(const QList<FleetRow>& rows, const QString& lineTitle);
    const FleetModel& rows() const { return *m_model; }
    /// How much of the share column is its bar, with the gap behind it; the same in every row.
    int barWidth() const { return m_bar; }
    /// Target of the current row, or empty.
    QString current() const;

signals:
    /// Enter or a double click on what is live there or has just ended.
    void rolloutAsked(const QString& rollout);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    using Widths = std::array<int, FleetModel::kColumns>;
    void openCurrent();
    void fit();
    void fitHeights();
    void measure(Widths& full, Widths& least);
    int textWidth(const QString& text, int face);
    int longestWord(const QString& text, int face);
    int linesHeight(const QString& words, int width, int face) const;

    FleetModel* m_model;
    std::array<QHash<QString, int>, 3> m_words{};    ///< of the longest word
    std::array<QHash<QString, int>, 3> m_measured{}; ///< a face each; bounded by kMeasured
    int m_bar{0};
};

/// Faces and margins that the table is measured and painted with.
struct FleetCell {
    static constexpr int kMargin = 8;
    static constexpr int kRow = 37;
    static constexpr int kBar = 96;
    static constexpr int kGap = 8;
    static constexpr int kLine = 130;
    static QFont font(int column);
};

} // namespace sluice::ui
