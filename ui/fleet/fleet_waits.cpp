// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/fleet_waits.h"

#include <QCoreApplication>
#include <algorithm>

#include "ui/rollout/gate_words.h"

namespace sluice::ui {

namespace {

using rollout::Phase;
using rollout::WaitCode;
using rollout::WaitReason;

constexpr Duration kNow = std::chrono::seconds(2); // an age below says nothing
constexpr int kReasons = 2;                        // more are on the rollout's own page

struct Waits {
    Q_DECLARE_TR_FUNCTIONS(Waits)
};

/// A clock says itself how long.
bool isClock(WaitCode code)
{
    return code == WaitCode::BakeLeft || code == WaitCode::WatchLeft || code == WaitCode::BaselineRecording ||
           code == WaitCode::QuietMissing;
}

QString words(const WaitReason& reason, const RolloutMoment& moment)
{
    const bool dated = micros(reason.since) != 0;
    const Duration age = std::max(Duration(0), moment.snapshot.now.wall - reason.since);
    if (reason.code == WaitCode::ApprovalMissing && dated && !reason.subject.empty()) {
        const QString who = roleText(reason.subject);
        if (!moment.state().approval) return Waits::tr("then approval: %1").arg(who);
        return Waits::tr("approval: %1, asked %2").arg(who, agoText(age, moment.formats));
    }
    const GateWords gate = gateWords(reason, moment);
    // Nobody has been waited for while other gates are open, too.
    const bool notYet = reason.code == WaitCode::ManualAdvance && gate.tone == Tone::Second;
    if (!dated || isClock(reason.code) || age < kNow || notYet) return gate.brief;
    return Waits::tr("%1, for %2").arg(gate.brief, ageText(age, moment.formats));
}

} // namespace

QString waitSentence(const RolloutMoment& moment)
{
    const auto& waits = moment.view.waits;
    const bool asked = std::ranges::any_of(
        waits, [](const WaitReason& reason) { return !reason.holds && reason.code == WaitCode::ApprovalMissing; });
    QStringList out;
    for (const WaitReason& reason : waits) {
        if (reason.holds || out.size() == kReasons) continue;
        // Why an approval is needed is its evidence; the table has room for who.
        if (asked && reason.code == WaitCode::ScoreBelowProceed) continue;
        out << words(reason, moment);
    }
    return out.isEmpty() ? Waits::tr("nothing holds it") : out.join(QStringLiteral(" · "));
}

QString endSentence(const RolloutMoment& moment)
{
    const rollout::Rollout& state = moment.state();
    if (!state.endedAt) return dash();
    const QString ago = agoText(std::max(Duration(0), moment.snapshot.now.wall - *state.endedAt), moment.formats);
    if (state.phase == Phase::Stable) return Waits::tr("marked stable %1").arg(ago);
    if (state.phase == Phase::RolledBack) return Waits::tr("%1 rolled back %2").arg(text(state.toVersion), ago);
    if (state.phase == Phase::Cancelled) return Waits::tr("%1 cancelled %2").arg(text(state.toVersion), ago);
    return dash();
}

} // namespace sluice::ui
