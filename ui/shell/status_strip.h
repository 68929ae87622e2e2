// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QList>
#include <QString>

#include "ui/theme/look.h"

class QLabel;

namespace sluice::ui {

class FlowLayout;

/// What the strip at the window's foot says: every source with its age, who drives, and the time of the picture.
struct StatusStripData {
    struct Part {
        QString text{};
        QString detail{}; ///< tool tip
        Tone tone{Tone::Second};
        bool mono{false};
    };
    QList<Part> sources{};
    QList<Part> engine{}; ///< at the far end
};

class StatusStrip : public QFrame {
    Q_OBJECT

public:
    explicit StatusStrip(QWidget* parent);
    void present(const StatusStripData& strip);

private:
    void showParts(const QList<StatusStripData::Part>& parts, QList<QLabel*>& labels, bool trailing);

    FlowLayout* m_row;
    QList<QLabel*> m_sources{};
    QList<QLabel*> m_engine{};
};

} // namespace sluice::ui
