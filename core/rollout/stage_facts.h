// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "core/model/playbook.h"
#include "core/rollout/input.h"
#include "core/rollout/rollout.h"

// Small questions about a state and its world that several parts of the heart ask.

namespace sluice::rollout {

/// Order of the steps of the finalising.
inline constexpr size_t kStablePoolStep = 0;
inline constexpr size_t kSplitStep = 1;
inline constexpr size_t kCanaryStep = 2;

/// A proxy that has not answered for so long counts as unreachable: it is named, and nobody waits for it on the way
/// to the safe state.
inline constexpr Duration kProxySilent = std::chrono::seconds(3);
/// Over so long the observed share is counted.
inline constexpr Duration kShareWindow = std::chrono::seconds(10);
/// So many requests must be due at the canary in that time before it is said that none came.
inline constexpr int64_t kShareExpected = 20;
/// Canary request counters must stand still this long.
inline constexpr Duration kQuiet = std::chrono::seconds(5);

/// The phase a paused rollout comes back to, else its phase.
Phase effectivePhase(const Rollout& rollout);

/// The stage it is in; a rollout never runs on a playbook without that stage.
const Stage& stageOf(const Rollout& rollout, const Playbook& playbook);
const StageRecord& recordOf(const Rollout& rollout);
bool isLastStage(const Rollout& rollout, const Playbook& playbook);

/// A stage is being run: its requirements are judged and its warnings are kept.
bool inStage(const Rollout& rollout);

bool isTicked(const Rollout& rollout, std::string_view item);

/// Proxies that hold the newest generation.
int verifiedProxies(const Rollout& rollout, const World& world);
bool allVerified(const Rollout& rollout, const World& world);
bool isReachable(const ProxyFact& proxy);
/// Read back: limit 0, canary in maintenance, newest generation.
bool isSafeNow(const Rollout& rollout, const ProxyFact& proxy);

/// Canary instances of the release that are ready, 0 while unknown.
int readyCanaries(const Rollout& rollout, const World& world);
/// The canary has what `stage` needs. False while the stable pool's size must be known and is not.
bool hasCapacityFor(const Rollout& rollout, const Playbook& playbook, int stage, const World& world);

/// A ramp below the stage's weight: its time does not count as the stage's bake.
bool isRampedDown(const Rollout& rollout, const Playbook& playbook);

} // namespace sluice::rollout
