// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

#include "ui/theme/look.h"
#include "ui/widgets/card.h"

class QAction;
class QGridLayout;

namespace sluice::ui {

/// The rollback conditions that are nearest to firing, each with its margin or the time that is left.
struct TriggerPanelData {
    QString title{}; ///< "Rollback triggers · 1 of 14 pending"
    struct Row {
        QString condition{}; ///< "p95 > 2 × baseline, 5 min"
        QString state{};     ///< "margin 30 %", "fires in 2:10"
        Tone tone{Tone::Text};
        QString detail{}; ///< tool tip: observed, limit, action, what resets it
    };
    QList<Row> rows{};
};

class TriggerPanel : public Card {
    Q_OBJECT

public:
    TriggerPanel(QAction* all, QWidget* parent);
    void present(const TriggerPanelData& triggers);

private:
    QGridLayout* m_grid;
    struct Row {
        QLabel* condition{nullptr};
        QLabel* state{nullptr};
    };
    QList<Row> m_rows{};
};

} // namespace sluice::ui
