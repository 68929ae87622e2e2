// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/emergency/emergency_strip.h"

#include <QAccessible>
#include <QApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/actions/commit_guard.h"
#include "ui/shell/sheet.h"
#include "ui/theme/look.h"
#include "ui/widgets/action_button.h"
#include "ui/widgets/flow_layout.h"

namespace sluice::ui {

namespace {

constexpr int kReasonAtMost = 500;

} // namespace

EmergencyStrip::EmergencyStrip(CommitGuard& guard, QWidget* over)
    : QFrame(over)
    , m_guard(guard)
    , m_pill(makeLabel(this, "armedPill"))
    , m_title(makeLabel(this, "subtitle", tr("Emergency rollback")))
    , m_service(makeLabel(this, "strong"))
    , m_environment(makeLabel(this, "pill"))
    , m_versions(makeLabel(this, "mono"))
    , m_steps(makeWrapped(this, "body"))
    , m_skips(makeWrapped(this, "body"))
    , m_others(makeWrapped(this, "body"))
    , m_reason(new QLineEdit(this))
    , m_clear(new ActionButton(tr("Clear the stop…"), "plain", this))
    , m_keep(new ActionButton(tr("Keep the reason"), "plain", this))
    , m_disarm(new ActionButton(tr("Disarm"), "plain", this))
    , m_fire(new ActionButton(tr("Fire"), "fire", this))
{
    setObjectName(QStringLiteral("emergency"));
    setAccessibleName(tr("Emergency rollback"));
    setLook(this, "armed");
    setFocusPolicy(Qt::StrongFocus);
    build();
    m_second.setInterval(1000);
    connect(&m_second, &QTimer::timeout, this, &EmergencyStrip::secondPassed);
    connect(m_fire, &QPushButton::clicked, this, &EmergencyStrip::fire);
    connect(m_disarm, &QPushButton::clicked, this, &EmergencyStrip::disarm);
    connect(m_clear, &QPushButton::clicked, this, &EmergencyStrip::askClear);
    connect(m_keep, &QPushButton::clicked, this, &EmergencyStrip::giveReason);
    connect(m_reason, &QLineEdit::returnPressed, this, &EmergencyStrip::giveReason);
    hide();
}

void EmergencyStrip::build()
{
    setTone(m_title, Tone::Critical);
    setTone(m_versions, Tone::Second);
    setTone(m_skips, Tone::Warning);
    setTone(m_others, Tone::Third);
    m_fire->setObjectName(QStringLiteral("emergency.fire"));
    m_fire->setKeyHint(tr("Ctrl Enter"));
    m_disarm->setObjectName(QStringLiteral("emergency.disarm"));
    m_disarm->setKeyHint(tr("Esc"));
    m_clear->setObjectName(QStringLiteral("emergency.clearStop"));
    m_keep->setObjectName(QStringLiteral("emergency.keep"));
    m_reason->setObjectName(QStringLiteral("emergency.reason"));
    m_reason->setAccessibleName(tr("Reason of the emergency rollback"));
    m_reason->setPlaceholderText(tr("What happened? (kept in the audit log)"));
    m_reason->setMaxLength(kReasonAtMost);

    auto* names = new FlowLayout(nullptr, 10, 4);
    for (QLabel* label : {m_pill, m_title, m_service, m_environment, m_versions})
        names->addWidget(label);
    auto* top = new QHBoxLayout;
    top->setSpacing(10);
    top->addLayout(names, 1);
    top->addWidget(m_disarm);
    top->addWidget(m_fire);
    auto* answer = new QHBoxLayout;
    answer->setSpacing(10);
    answer->addWidget(m_reason, 1);
    answer->addWidget(m_keep);
    answer->addWidget(m_clear);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(18, 12, 18, 14);
    column->setSpacing(8);
    column->addLayout(top);
    column->addWidget(m_steps);
    auto* beside = new QHBoxLayout;
    beside->setSpacing(22);
    beside->addWidget(m_skips, 1);
    beside->addWidget(m_others, 1);
    column->addLayout(beside);
    column->addLayout(answer);
}

void EmergencyStrip::placeOver(const QRect& area)
{
    m_area = area;
    // Rows come and go with the state, and nested layouts only notice when they are laid out.
    layout()->invalidate();
    layout()->activate();
    const int wanted =
        layout()->hasHeightForWidth() ? layout()->totalHeightForWidth(area.width()) : sizeHint().height();
    setGeometry(area.left(), area.top(), area.width(), wanted);
}

void EmergencyStrip::prefer(const QString& rollout)
{
    m_preferred = rollout;
}

void EmergencyStrip::present(const QList<EmergencyTarget>& targets, const QList<HeldService>& held)
{
    m_targets = targets;
    m_held = held;
    if (m_state != State::Hidden) showState();
}

const EmergencyTarget* EmergencyStrip::selected() const
{
    const auto found = std::ranges::find(m_targets, m_selected, &EmergencyTarget::rollout);
    return found == m_targets.end() ? nullptr : &*found;
}

void EmergencyStrip::arm()
{
    begin(false);
}

void EmergencyStrip::armAll()
{
    begin(true);
}

void EmergencyStrip::begin(bool all)
{
    if (m_state == State::Hidden) m_focusBefore = QApplication::focusWidget();
    m_state = State::Armed;
    m_all = all;
    m_left = kArmedSeconds;
    m_answer.clear();
    setTone(m_steps, Tone::Second);
    m_steps->setTextInteractionFlags(Qt::NoTextInteraction);
    const auto open = std::ranges::find_if(m_targets, [](const EmergencyTarget& t) { return !t.returning; });
    const bool preferred = std::ranges::any_of(
        m_targets, [this](const EmergencyTarget& t) { return t.rollout == m_preferred && !t.returning; });
    m_selected = preferred ? m_preferred : open != m_targets.end() ? open->rollout : QString();
    m_guard.arm();
    showState();
    show();
    raise();
    setFocus(Qt::OtherFocusReason);
    m_second.start();
    emit armedChanged(true);
    QAccessibleEvent alert(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

void EmergencyStrip::disarm()
{
    const bool wasArmed = armed();
    hideStrip();
    if (!wasArmed) return;
    m_guard.disarm();
    emit armedChanged(false);
}

void EmergencyStrip::hideStrip()
{
    m_second.stop();
    m_state = State::Hidden;
    m_reason->clear();
    hide();
    if (m_focusBefore) m_focusBefore->setFocus(Qt::OtherFocusReason);
}

void EmergencyStrip::secondPassed()
{
    if (!armed()) return;
    if (--m_left <= 0)
        disarm();
    else
        showState();
}

void EmergencyStrip::fire()
{
    if (!armed() || (!m_all && selected() == nullptr)) return;
    m_second.stop();
    m_state = State::Fired;
    m_safeBefore.clear();
    m_heldBefore.clear();
    for (const EmergencyTarget& target : m_targets)
        if (target.safe) m_safeBefore << target.rollout;
    for (const HeldService& one : m_held)
        m_heldBefore << one.target;
    m_guard.disarm();
    m_all ? emit stopAllAsked() : emit fireAsked(m_selected);
    emit armedChanged(false);
    showState();
    (m_reason->isHidden() ? static_cast<QWidget*>(m_disarm) : m_reason)->setFocus(Qt::OtherFocusReason);
}

void EmergencyStrip::giveReason()
{
    const QString reason = m_reason->text().trimmed();
    if (!reason.isEmpty())
        for (const QString& rollout : toldWhy())
            emit reasonGiven(rollout, reason);
    disarm();
}

void EmergencyStrip::askClear()
{
    const QString rollout = m_all ? QString() : m_selected;
    disarm();
    emit clearStopAsked(rollout);
}

void EmergencyStrip::select(qsizetype target)
{
    if (target < 0 || target >= m_targets.size() || m_targets.at(target).returning) return;
    m_all = false;
    m_selected = m_targets.at(target).rollout;
    showState();
}

bool EmergencyStrip::event(QEvent* event)
{
    keepPlainKeys(event);
    return QFrame::event(event);
}

void EmergencyStrip::keyPressEvent(QKeyEvent* event)
{
    const int digit = event->key() - Qt::Key_1;
    if (m_state == State::Fired && event->key() == Qt::Key_Escape)
        disarm();
    else if (armed() && digit >= 0 && digit < 9 && event->modifiers() == Qt::NoModifier)
        select(digit);
    else
        QFrame::keyPressEvent(event);
}

void EmergencyStrip::showState()
{
    const bool fired = m_state == State::Fired;
    const bool asksWhy = fired && !toldWhy().isEmpty();
    m_reason->setVisible(asksWhy);
    m_keep->setVisible(asksWhy);
    m_clear->setVisible(fired && !stopWords().isEmpty());
    m_fire->setVisible(!fired);
    m_disarm->setText(fired ? tr("Close") : tr("Disarm"));
    const EmergencyTarget* target = selected();
    for (QLabel* label : {m_service, m_environment, m_versions})
        label->setVisible(!m_all && target != nullptr);
    if (target != nullptr) {
        showText(m_service, target->service);
        showText(m_environment, target->environment);
        showText(m_versions, target->versions);
    }
    fired ? showFired() : showArmed();
    placeOver(m_area);
}

void EmergencyStrip::showArmed()
{
    const EmergencyTarget* target = selected();
    showText(m_pill, tr("ARMED 0:%1").arg(m_left, 2, 10, QLatin1Char('0')));
    showText(m_title, m_all ? tr("Emergency stop of everything live") : tr("Emergency rollback"));
    m_fire->setAvailable(m_all || target != nullptr, tr("Nothing is live, so there is nothing to send back."));
    if (m_all) {
        const qsizetype live = std::ranges::count(m_targets, false, &EmergencyTarget::returning);
        showText(m_steps, tr("Rollouts whose canary traffic goes to 0 %: %1. Nothing new starts until a person clears "
                             "the stop.")
                              .arg(live));
    } else if (target == nullptr) {
        showText(m_steps, tr("Nothing is live, so there is nothing to send back."));
    } else {
        showText(m_steps, target->steps);
    }
    setTone(m_skips, Tone::Warning);
    showText(m_skips, target != nullptr && !m_all ? target->skips : QString());
    m_skips->setVisible(!m_skips->text().isEmpty());
    setSide(m_others, m_skips->isHidden() ? Qt::AlignLeft : Qt::AlignRight);
    QStringList others;
    for (qsizetype i = 0; i < m_targets.size(); ++i)
        if (!m_targets.at(i).returning && (m_all || m_targets.at(i).rollout != m_selected))
            others << tr("%1 %2").arg(i + 1).arg(m_targets.at(i).service);
    const QString after = tr("The reason is asked afterwards.");
    showText(m_others, others.isEmpty()
                           ? after
                           : tr("Other live rollouts: %1. %2").arg(others.join(QStringLiteral(", ")), after));
    setAccessibleDescription(tr("%1. %2. Control Enter fires, Escape disarms.").arg(m_steps->text(), m_skips->text()));
}

} // namespace sluice::ui
