// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/meter.h"

#include <QPainter>
#include <QStyle>
#include <algorithm>

#include "ui/theme/palette.h"

namespace sluice::ui {

Meter::Meter(QWidget* parent, int thickness)
    : QWidget(parent)
    , m_thickness(thickness)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void Meter::present(qint64 ppm, Tone tone)
{
    const qint64 clamped = std::clamp<qint64>(ppm, 0, 1'000'000);
    if (m_ppm == clamped && m_tone == tone) return;
    m_ppm = clamped;
    m_tone = tone;
    update();
}

void Meter::paintEvent(QPaintEvent* /*event*/)
{
    const Palette p = colours(this);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    const QRect groove(0, (height() - m_thickness) / 2, width(), m_thickness);
    painter.setBrush(p.line);
    painter.drawRoundedRect(groove, m_thickness / 2.0, m_thickness / 2.0);
    if (m_ppm == 0) return;
    const int filled = std::max(m_thickness, static_cast<int>(width() * m_ppm / 1'000'000));
    painter.setBrush(toneColour(p, m_tone));
    painter.drawRoundedRect(QStyle::visualRect(layoutDirection(), groove, QRect(0, groove.top(), filled, m_thickness)),
                            m_thickness / 2.0, m_thickness / 2.0);
}

} // namespace sluice::ui
