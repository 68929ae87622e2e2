// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/action_button.h"

#include <QAction>
#include <QKeyEvent>
#include <QStyleOptionButton>
#include <QStylePainter>

#include "ui/actions/action_catalog.h"
#include "ui/actions/commit_guard.h"
#include "ui/theme/fonts.h"
#include "ui/theme/look.h"
#include "ui/theme/palette.h"

namespace sluice::ui {

namespace {

constexpr int kHintGap = 8;

} // namespace

ActionButton::ActionButton(const QString& text, const char* look, QWidget* parent)
    : QPushButton(text, parent)
{
    setLook(this, look);
    setAutoDefault(false);
    setCursor(Qt::PointingHandCursor);
}

void ActionButton::setKeyHint(const QString& key)
{
    if (m_key == key) return;
    m_key = key;
    updateGeometry();
    update();
}

void ActionButton::setKeyShown(bool shown)
{
    m_keyShown = shown;
    updateGeometry();
}

void ActionButton::setAvailable(bool available, const QString& why)
{
    m_available = available;
    m_why = available ? QString() : why;
    refresh();
}

void ActionButton::follow(QAction* action)
{
    const auto adopt = [this, action] {
        if (text() != action->iconText()) setText(action->iconText());
        setKeyHint(keyText(action->shortcut()));
        setAvailable(action->isEnabled(), action->statusTip());
    };
    adopt();
    connect(action, &QAction::changed, this, adopt);
    connect(this, &QPushButton::clicked, action, &QAction::trigger);
}

void ActionButton::guardedBy(CommitGuard& guard)
{
    m_locked = guard.locked();
    connect(&guard, &CommitGuard::lockedChanged, this, [this](bool locked) {
        m_locked = locked;
        refresh();
    });
    refresh();
}

void ActionButton::keyPressEvent(QKeyEvent* event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    const bool plain = (event->modifiers() & ~Qt::KeypadModifier) == Qt::NoModifier;
    if (enter && plain && !event->isAutoRepeat())
        click();
    else
        QPushButton::keyPressEvent(event);
}

void ActionButton::refresh()
{
    const bool enabled = m_available && !m_locked;
    const QString why = m_available && m_locked ? tr("The emergency strip is armed or was just disarmed.") : m_why;
    if (isEnabled() != enabled) setEnabled(enabled);
    if (toolTip() != why) setToolTip(why);
    if (accessibleDescription() != why) setAccessibleDescription(why);
}

int ActionButton::hintWidth() const
{
    return m_key.isEmpty() || !m_keyShown ? 0 : QFontMetrics(monoFont(11)).horizontalAdvance(m_key) + kHintGap;
}

QSize ActionButton::sizeHint() const
{
    QSize size = QPushButton::sizeHint();
    size.rwidth() += hintWidth();
    return size;
}

void ActionButton::paintEvent(QPaintEvent* /*event*/)
{
    QStylePainter painter(this);
    QStyleOptionButton option;
    initStyleOption(&option);
    painter.drawControl(QStyle::CE_PushButtonBevel, option);
    const QRect inside = style()->subElementRect(QStyle::SE_PushButtonContents, &option, this);
    const int hint = hintWidth();
    option.rect = QStyle::visualRect(layoutDirection(), inside, inside.adjusted(0, 0, -hint, 0));
    painter.drawControl(QStyle::CE_PushButtonLabel, option);
    if (hint == 0) return;

    const Palette p = colours(this);
    const QByteArray look = property("look").toByteArray();
    QColor ink = p.third;
    if (look == "primary") ink = isEnabled() ? p.onCanary : p.onFadedCanary;
    if (look == "fire") ink = p.onCritical;
    painter.setFont(monoFont(11));
    painter.setPen(ink);
    const QRect place =
        QStyle::visualRect(layoutDirection(), inside,
                           QRect(inside.right() - hint + 1 + kHintGap, inside.top(), hint - kHintGap, inside.height()));
    painter.drawText(place, Qt::AlignCenter, m_key);
}

} // namespace sluice::ui
