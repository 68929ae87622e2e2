// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAccessible>
#include <QLabel>
#include <algorithm>

#include "ui/emergency/emergency_strip.h"
#include "ui/theme/look.h"

// What the strip says once it is fired.

namespace sluice::ui {

namespace {

constexpr qsizetype kNamed = 8;    ///< services that a sentence names; the count says how many there are
constexpr qsizetype kOutcomes = 3; ///< rollouts not yet at zero that are told one by one

QString asked()
{
    return EmergencyStrip::tr("Asked: the safe state goes to all proxies now.");
}

/// With its environment where its name alone would mean two.
QString nameOf(const HeldService& one, const QList<HeldService>& all)
{
    const bool unique = std::ranges::count(all, one.service, &HeldService::service) == 1;
    return unique ? one.service : EmergencyStrip::tr("%1 %2").arg(one.service, one.environment);
}

} // namespace

/// What a stop of everything has to bring to zero.
QList<EmergencyTarget> EmergencyStrip::concerned() const
{
    QList<EmergencyTarget> out;
    std::ranges::copy_if(m_targets, std::back_inserter(out),
                         [this](const EmergencyTarget& target) { return !m_safeBefore.contains(target.rollout); });
    return out;
}

/// The rollouts whose journal keeps the reason: what goes back, and what a stop holds since it was fired.
QStringList EmergencyStrip::toldWhy() const
{
    if (!m_all) return {m_selected};
    QStringList out;
    for (const EmergencyTarget& target : concerned())
        out << target.rollout;
    for (const HeldService& one : m_held)
        if (!one.rollout.isEmpty() && !m_heldBefore.contains(one.target)) out << one.rollout;
    out.removeDuplicates();
    return out;
}

/// Users are safe when the last one is; until then the ones that are not are told.
QString EmergencyStrip::outcomeOfAll() const
{
    const QList<EmergencyTarget> all = concerned();
    if (all.isEmpty()) return tr("Nothing is live, so there is nothing to send back.");
    if (std::ranges::none_of(all, &EmergencyTarget::returning)) return asked();
    const qsizetype safe = std::ranges::count(all, true, &EmergencyTarget::safe);
    const QString count = tr("%1 of %2 verified at zero").arg(safe).arg(all.size());
    if (safe == all.size()) return tr("✓ Users are safe: %1").arg(count);
    QStringList lines{tr("▶ %1").arg(count)};
    qsizetype left = 0;
    for (const EmergencyTarget& target : all) {
        if (target.safe || ++left > kOutcomes) continue;
        lines << tr("%1: %2").arg(target.service, target.outcome.isEmpty() ? asked() : target.outcome);
    }
    if (left > kOutcomes) lines << QStringLiteral("…");
    return lines.join(QLatin1Char('\n'));
}

/// One stop with all that is known of it, several by their names.
QString EmergencyStrip::stopWords() const
{
    const EmergencyTarget* target = selected();
    if (!m_all) return target == nullptr ? QString() : target->stop;
    if (m_held.isEmpty()) return {};
    QStringList names;
    for (const HeldService& one : m_held.first(std::min(kNamed, m_held.size())))
        names << nameOf(one, m_held);
    if (m_held.size() > kNamed) names << QStringLiteral("…");
    return tr("◆ Emergency stops in force: %1 (%2). Nothing starts there until a person clears the stop with a reason.")
        .arg(m_held.size())
        .arg(names.join(QStringLiteral(", ")));
}

bool EmergencyStrip::showAnswer(bool complete, const QString& words)
{
    if (armed() || (m_state == State::Hidden && complete)) return false;
    m_state = State::Fired; // what is left to do by hand does not go by in a notice
    show();
    raise();
    m_answer = (complete ? tr("✓ %1") : tr("◆ %1")).arg(words);
    setTone(m_steps, complete ? Tone::Text : Tone::Critical);
    m_steps->setTextInteractionFlags(Qt::TextSelectableByMouse); // what is to be done by hand is copied from here
    showState();
    QAccessibleEvent alert(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
    return true;
}

/// What was read back by whoever fired comes first: the engine that drives may hang and know nothing of it.
QString EmergencyStrip::outcome() const
{
    const EmergencyTarget* target = selected();
    const bool known = m_all ? std::ranges::any_of(concerned(), &EmergencyTarget::returning)
                             : target != nullptr && !target->outcome.isEmpty();
    if (!m_answer.isEmpty() && !known) return m_answer;
    const QString seen = m_all ? outcomeOfAll() : known ? target->outcome : asked();
    return m_answer.isEmpty() ? seen : m_answer + QLatin1Char('\n') + seen;
}

void EmergencyStrip::showFired()
{
    showText(m_pill, tr("FIRED"));
    const QString words = outcome();
    showText(m_steps, words);
    const QString stop = stopWords();
    setTone(m_skips, Tone::Critical);
    showText(m_skips, stop);
    m_skips->setVisible(!stop.isEmpty());
    setSide(m_others, stop.isEmpty() ? Qt::AlignLeft : Qt::AlignRight);
    showText(m_others, tr("Closing this strip changes nothing; the rollback goes on."));
    setAccessibleDescription(stop.isEmpty() ? words : tr("%1. %2").arg(words, stop));
}

} // namespace sluice::ui
