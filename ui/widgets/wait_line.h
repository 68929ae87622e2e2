// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QList>
#include <QString>

#include "ui/theme/look.h"

class QAction;
class QLabel;

namespace sluice::ui {

class ActionButton;
class FlowLayout;

/// Why a rollout is not moving, on one line.
struct WaitLineData {
    Tone tone{Tone::Second};
    QString lead{}; ///< "▲ Why it waits"
    struct Part {
        QString text{};
        Tone tone{Tone::Second};
    };
    QList<Part> parts{};
    QString sentence{}; ///< all of it, for assistive technology
};

class WaitLine : public QFrame {
    Q_OBJECT

public:
    /// `why` opens all gates, `review` the evidence; each has its button at the end of the line.
    WaitLine(QAction* why, QAction* review, QWidget* parent);
    void present(const WaitLineData& waits);

private:
    FlowLayout* m_row;
    QLabel* m_lead;
    QList<QLabel*> m_parts{};
    ActionButton* m_why;
    ActionButton* m_review;
};

} // namespace sluice::ui
