// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "ui/theme/look.h"

namespace sluice::ui {

/// A thin bar beside a number; says nothing that the number does not say, so assistive technology skips it.
class Meter : public QWidget {
    Q_OBJECT

public:
    explicit Meter(QWidget* parent, int thickness = 5);

    /// 0..1'000'000; outside is clamped.
    void present(qint64 ppm, Tone tone);
    QSize sizeHint() const override { return {120, 16}; }
    QSize minimumSizeHint() const override { return {40, m_thickness}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    int m_thickness;
    qint64 m_ppm{0};
    Tone m_tone{Tone::Stable};
};

} // namespace sluice::ui
