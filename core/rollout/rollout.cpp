// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rollout/rollout.h"

#include "core/base/text.h"

namespace sluice::rollout {

bool isEnd(Phase phase)
{
    return phase == Phase::RolledBack || phase == Phase::Stable || phase == Phase::Cancelled;
}

std::string_view phaseName(Phase phase)
{
    switch (phase) {
    case Phase::Preparing: return "preparing";
    case Phase::Applying: return "applying";
    case Phase::Baking: return "baking";
    case Phase::Judging: return "judging";
    case Phase::AwaitingApproval: return "awaiting-approval";
    case Phase::Promoting: return "promoting";
    case Phase::Paused: return "paused";
    case Phase::SteppingBack: return "stepping-back";
    case Phase::RollingBack: return "rolling-back";
    case Phase::RolledBack: return "rolled-back";
    case Phase::Watching: return "watching";
    case Phase::Finalising: return "finalising";
    case Phase::Stable: return "stable";
    case Phase::Cancelled: return "cancelled";
    }
    return {};
}

std::string_view phaseWords(Phase phase)
{
    switch (phase) {
    case Phase::Preparing: return SLUICE_TEXT("phase", "the rollout is preparing");
    case Phase::Applying: return SLUICE_TEXT("phase", "the stage's weight is being applied");
    case Phase::Baking: return SLUICE_TEXT("phase", "the stage is baking");
    case Phase::Judging: return SLUICE_TEXT("phase", "the stage is being judged");
    case Phase::AwaitingApproval: return SLUICE_TEXT("phase", "the stage waits for approval");
    case Phase::Promoting: return SLUICE_TEXT("phase", "the next stage is being entered");
    case Phase::Paused: return SLUICE_TEXT("phase", "the rollout is paused");
    case Phase::SteppingBack: return SLUICE_TEXT("phase", "the rollout is stepping back");
    case Phase::RollingBack: return SLUICE_TEXT("phase", "a rollback is running");
    case Phase::RolledBack: return SLUICE_TEXT("phase", "the rollout has been rolled back");
    case Phase::Watching: return SLUICE_TEXT("phase", "the release is being watched");
    case Phase::Finalising: return SLUICE_TEXT("phase", "the stable pool takes the new version");
    case Phase::Stable: return SLUICE_TEXT("phase", "the release is stable");
    case Phase::Cancelled: return SLUICE_TEXT("phase", "the rollout has been cancelled");
    }
    return {};
}

bool hasExposure(const Rollout& rollout)
{
    if (!rollout.admitted || isEnd(rollout.phase)) return false;
    const bool gone = rollout.phase == Phase::RollingBack && rollout.rollback && rollout.rollback->quietAfter;
    return !gone;
}

} // namespace sluice::rollout
