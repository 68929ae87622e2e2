// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "core/engine/snapshot.h"
#include "core/model/connections.h"

namespace sluice::app::ctl {

/// Several lines: where it stands, what it waits for, who drives.
void printRollout(const engine::RolloutView& view);
void printFleet(const engine::Snapshot& snapshot, Duration age);
/// What an approver must have seen: the evidence's digest, each metric on both tracks, score, gates, who may approve.
void printEvidence(const engine::RolloutView& view, const Connections& connections);
void printMetrics(const engine::RolloutView& view);
/// A second of observed time was credited: kept for the record, noise to read.
bool isCredit(const engine::LogLine& line);
/// "14:32:06  Weight 10 % applied on 2 proxies in 38 ms  [engine]"
std::string logText(const engine::LogLine& line);
/// The same as an object; times in microseconds since 1970, as everywhere in JSON.
nlohmann::json lineJson(const engine::LogLine& line);
/// How long it took to zero: "38 ms", or where a proxy did not answer "38 ms on 1 of 2; out of reach: edge-1".
std::string zeroText(const engine::RolloutView& view);
/// Of a step of rollbackPlan(): "reversible", "NOT reversible", or "nothing to reverse" where it changes nothing.
std::string reversibleText(const std::vector<rollout::StepProgress>& plan, size_t at);
/// The whole plan; "reversible" is null where a step changes nothing.
nlohmann::json stepsJson(const std::vector<rollout::StepProgress>& plan);

} // namespace sluice::app::ctl
