// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/analysis/assessment.h"
#include "core/base/id.h"
#include "core/model/playbook.h"

// Why something was decided, as one English sentence that is kept in the event.

namespace sluice::rollout {

/// "P95 was 1 800 ms, beyond 1 200 ms, for 3 min"
std::string triggerStory(const Playbook& playbook, const Trigger& trigger, const analysis::TriggerStatus& status);
/// "The health score was 64.2, under 70; its worst part was Latency with 12 of 100 points"
std::string scoreStory(const Playbook& playbook, const analysis::ScoreResult& score);
/// "Error rate was 3 % at the end of the bake and must be below 2 %"
std::string requirementStory(const Playbook& playbook, const analysis::RequirementResult& result);
/// "stage Canary 10 % took longer than 1 h"
std::string overrunStory(std::string_view what, Duration longest);

/// "ana paused: looking into it"
std::string actStory(const PersonId& person, std::string_view what, const std::string& reason);
/// "ana fired an emergency rollback: payments fail"
std::string emergencyStory(const PersonId& person, const std::string& reason);
/// The same as a remark, when it was rolling back already.
std::string emergencyRemark(const PersonId& person, const std::string& reason);

/// Title and value of a metric for people; "no value" when there is none.
std::string metricTitle(const Playbook& playbook, const std::string& metric);
std::string metricValue(const Playbook& playbook, const std::string& metric, std::optional<int64_t> millionths);
/// "89.9": cut, never rounded up into the next band.
std::string pointsText(int64_t milli);

} // namespace sluice::rollout
