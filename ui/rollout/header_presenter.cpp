// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "ui/rollout/phase_words.h"
#include "ui/rollout/rollout_presenter.h"

namespace sluice::ui {

using rollout::Move;
using rollout::Phase;

const Stage* RolloutMoment::stage() const
{
    if (!view.playbook || view.state.stage < 0) return nullptr;
    const auto at = static_cast<size_t>(view.state.stage);
    return at < view.playbook->stages.size() ? &view.playbook->stages[at] : nullptr;
}

const Stage* RolloutMoment::nextStage() const
{
    if (!view.playbook) return nullptr;
    const Phase phase = view.state.phase == Phase::Paused ? view.state.phaseBeforePause : view.state.phase;
    const size_t at = phase == Phase::Preparing ? 0 : static_cast<size_t>(std::max(0, view.state.stage)) + 1;
    return at < view.playbook->stages.size() ? &view.playbook->stages[at] : nullptr;
}

namespace {

MoveWords review(const RolloutMoment& moment)
{
    if (moment.state().approval) return {true, {}};
    const MoveWords promote = RolloutPresenter::move(moment, Move::Promote);
    if (promote.allowed) return promote;
    return {false, RolloutPresenter::tr("Nothing asks for an approval now.")};
}

} // namespace

MoveWords RolloutPresenter::move(const RolloutMoment& moment, Move move)
{
    const auto& moves = moment.view.moves;
    const auto found = std::ranges::find(moves, move, &rollout::MoveState::move);
    if (found == moves.end()) return {false, tr("The engine has not said yet what may be done.")};
    return {found->legal, text(found->because)};
}

QString RolloutPresenter::promoteWords(const RolloutMoment& moment)
{
    const Stage* next = moment.nextStage();
    if (next == nullptr) return tr("Promote %1 to stable").arg(moment.service());
    return tr("Promote %1 to %2").arg(moment.service(), weightText(next->weight, moment.formats));
}

RolloutHeaderData RolloutPresenter::header(const RolloutMoment& moment)
{
    const rollout::Rollout& state = moment.state();
    RolloutHeaderData out{.service = moment.service(),
                          .environment = text(moment.view.environment),
                          .fromVersion = text(state.fromVersion),
                          .toVersion = text(state.toVersion)};
    const PhaseWords words = phaseWords(moment.view);
    const bool moving = rollout::hasExposure(state) && state.phase != Phase::RollingBack;
    out.badge = moving ? tr("%1 at %2").arg(words.marked(), weightText(state.weight, moment.formats)) : words.marked();
    out.badgeTone = words.tone;
    const WallTime until = state.endedAt.value_or(moment.snapshot.now.wall);
    const QString since = ageText(until - state.startedAt, moment.formats);
    if (state.endedAt)
        out.progress = tr("took %1").arg(since);
    else if (moment.view.expectedEnd)
        out.progress = tr("%1 in · ends ≈ %2").arg(since, minuteText(*moment.view.expectedEnd, moment.formats));
    else
        out.progress = tr("%1 in").arg(since);

    const bool paused = state.phase == Phase::Paused;
    out.pauseText = paused ? tr("Resume") : tr("Pause");
    out.pause = move(moment, paused ? Move::Resume : Move::Pause);
    out.stepBack = move(moment, Move::StepBack);
    const Stage* next = moment.nextStage();
    out.promoteText =
        next != nullptr ? tr("Promote to %1").arg(weightText(next->weight, moment.formats)) : tr("Promote to stable");
    out.promote = move(moment, Move::Promote);
    out.rollBack = move(moment, Move::RollBack);
    out.cancel = move(moment, Move::Cancel);
    out.backText = out.cancel.allowed && !out.rollBack.allowed ? tr("Cancel rollout") : tr("Roll back");
    out.review = review(moment);
    return out;
}

} // namespace sluice::ui
