// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

#include "ui/theme/look.h"
#include "ui/widgets/card.h"

class QGridLayout;

namespace sluice::ui {

class Meter;

/// The health score, its band and what that means, and the weighted parts it is made of.
struct ScorePanelData {
    QString score{}; ///< "81" or a dash
    Tone tone{Tone::Text};
    QString band{};    ///< "▲ Watch"
    QString meaning{}; ///< what this band allows
    struct Part {
        QString title{};
        QString value{};
        QString weight{}; ///< "× 0.30"
        QString because{};
        qint64 ppm{0};
        Tone tone{Tone::Stable};
    };
    QList<Part> parts{};
};

class ScorePanel : public Card {
    Q_OBJECT

public:
    explicit ScorePanel(QWidget* parent);
    void present(const ScorePanelData& score);

private:
    struct Row {
        QLabel* title{nullptr};
        Meter* meter{nullptr};
        QLabel* value{nullptr};
        QLabel* weight{nullptr};
    };
    void setRowCount(qsizetype count);

    QLabel* m_score;
    QLabel* m_band;
    QLabel* m_meaning;
    QGridLayout* m_grid;
    QList<Row> m_rows{};
};

} // namespace sluice::ui
