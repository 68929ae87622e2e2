// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/notice.h"

#include <QAccessible>
#include <QMouseEvent>
#include <QStyle>
#include <algorithm>

#include "ui/theme/look.h"

namespace sluice::ui {

namespace {

constexpr int kShownMs = 12'000;
constexpr int kBadMs = 20'000;
constexpr int kMostWidth = 760;
constexpr int kEdge = 14; ///< between a notice and the page's edges

} // namespace

Notice::Notice(QWidget* parent)
    : QLabel(parent)
{
    setObjectName(QStringLiteral("notice"));
    setLook(this, "toast");
    setWordWrap(true);
    setTextFormat(Qt::PlainText);
    setContentsMargins(14, 8, 14, 8);
    setToolTip(tr("Click to close"));
    m_end.setSingleShot(true);
    connect(&m_end, &QTimer::timeout, this, &Notice::dismiss);
    hide();
}

void Notice::say(const QString& words, bool bad)
{
    showText(this, words);
    setAlignment(QStyle::visualAlignment(layoutDirection(), Qt::AlignLeft | Qt::AlignVCenter));
    setTone(this, bad ? Tone::Critical : Tone::Text);
    place();
    show();
    raise();
    m_bad = bad;
    m_end.start(bad ? kBadMs : kShownMs);
    emit shownChanged(true);
    QAccessibleEvent alert(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

void Notice::placeOver(const QRect& area)
{
    m_area = area;
    place();
}

void Notice::place()
{
    const int width = std::min(kMostWidth, m_area.width() - 2 * kEdge);
    const int height = heightForWidth(width);
    setGeometry(m_area.center().x() - width / 2, m_area.bottom() - kEdge - height, width, height);
}

void Notice::leaveWithItsPage()
{
    if (m_bad && isVisible()) dismiss();
}

void Notice::dismiss()
{
    m_end.stop();
    hide();
    emit shownChanged(false);
}

void Notice::mousePressEvent(QMouseEvent* event)
{
    event->accept();
    dismiss();
}

} // namespace sluice::ui
