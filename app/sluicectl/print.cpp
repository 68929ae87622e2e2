// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluicectl/print.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "app/composition/milliseconds.h"
#include "app/sluicectl/why.h"

namespace sluice::app::ctl {

namespace {

std::string bandText(analysis::Band band)
{
    switch (band) {
    case analysis::Band::Unknown: return "no data";
    case analysis::Band::Proceed: return "proceed";
    case analysis::Band::Watch: return "watch";
    case analysis::Band::Pause: return "pause";
    case analysis::Band::Rollback: return "rollback";
    }
    return {};
}

std::string scoreText(const analysis::ScoreResult& score)
{
    if (!score.milli) return "no data";
    return fmt::format("{:.1f} ({})", static_cast<double>(*score.milli) / 1000, bandText(score.band));
}

std::string optionalValue(const std::optional<int64_t>& value, Unit unit)
{
    return value ? valueText(*value, unit) : "no data";
}

std::string proxyText(rollout::ProxyFact::State state)
{
    switch (state) {
    case rollout::ProxyFact::State::Verified: return "verified";
    case rollout::ProxyFact::State::Converging: return "converging";
    case rollout::ProxyFact::State::Unreachable: return "UNREACHABLE";
    case rollout::ProxyFact::State::Refused: return "REFUSED";
    case rollout::ProxyFact::State::Unknown: return "unknown";
    case rollout::ProxyFact::State::TakenOver: return "taken over";
    }
    return {};
}

/// Quiet (always the second one) and validation only look.
bool changesNothing(const std::vector<rollout::StepProgress>& plan, size_t at)
{
    return at == 1 || plan[at].kind == RollbackStep::Kind::Validation;
}

} // namespace

std::string zeroText(const engine::RolloutView& view)
{
    const rollout::RollbackProgress& back = *view.state.rollback;
    const std::string took = fmt::format("{} ms", milliseconds(back.verifiedAfter.value_or(Duration(0))));
    if (back.unreachable.empty()) return took;
    const size_t all = view.world.proxies.size();
    const std::string names = fmt::format("out of reach: {}", fmt::join(back.unreachable, ", "));
    if (all < back.unreachable.size()) return took + "; " + names; // read from the journal: nobody sees the proxies now
    return fmt::format("{} on {} of {}; {}", took, all - back.unreachable.size(), all, names);
}

std::string reversibleText(const std::vector<rollout::StepProgress>& plan, size_t at)
{
    if (changesNothing(plan, at)) return "nothing to reverse";
    return plan[at].reversible ? "reversible" : "NOT reversible";
}

bool isCredit(const engine::LogLine& line)
{
    return line.name == "bake_credited" || line.name == "watch_credited";
}

std::string logText(const engine::LogLine& line)
{
    return fmt::format("{}  {}{}", wallText(line.at), line.text,
                       line.by.value == "engine" ? std::string() : fmt::format("  [{}]", line.by.value));
}

nlohmann::json lineJson(const engine::LogLine& line)
{
    return {{"at", micros(line.at)},
            {"version", line.version},
            {"event", line.name},
            {"text", line.text},
            {"by", line.by.value}};
}

nlohmann::json stepsJson(const std::vector<rollout::StepProgress>& plan)
{
    nlohmann::json all = nlohmann::json::array();
    for (size_t i = 0; i < plan.size(); ++i)
        all.push_back({{"title", plan[i].title},
                       {"usually", plan[i].usually.count()},
                       {"reversible", changesNothing(plan, i) ? nlohmann::json() : nlohmann::json(plan[i].reversible)},
                       {"risk", plan[i].risk}});
    return all;
}

void printRollout(const engine::RolloutView& view)
{
    const rollout::Rollout& state = view.state;
    fmt::print("{}  {} {} -> {}  {}\n", state.target.value, state.id.value, state.fromVersion, state.toVersion,
               rollout::phaseName(state.phase));
    if (view.playbook && !rollout::isEnd(state.phase) &&
        static_cast<size_t>(state.stage) < view.playbook->stages.size())
        fmt::print("  stage {} of {}: {}, bake {} of {}\n", state.stage + 1, view.playbook->stages.size(),
                   view.playbook->stages[static_cast<size_t>(state.stage)].name,
                   durationText(static_cast<size_t>(state.stage) < state.stages.size()
                                    ? state.stages[static_cast<size_t>(state.stage)].baked
                                    : Duration(0)),
                   durationText(view.playbook->stages[static_cast<size_t>(state.stage)].bake));
    fmt::print("  share: asked {}, observed {}\n", percentText(state.weight.ppm()),
               view.world.observedSharePpm ? percentText(*view.world.observedSharePpm) : "no data");
    fmt::print("  health score: {}\n", scoreText(view.assessment.score));
    for (const rollout::ProxyFact& proxy : view.world.proxies)
        fmt::print("  {}: {} at {}{}\n", proxy.name, proxyText(proxy.state), percentText(proxy.limit.ppm()),
                   proxy.detail.empty() ? "" : ", " + proxy.detail);
    if (state.rollback) {
        fmt::print("  rollback: {}\n", state.rollback->because);
        if (state.rollback->verifiedAfter) fmt::print("  decision to verified zero: {}\n", zeroText(view));
    }
    for (const rollout::WaitReason& wait : view.waits)
        if (!wait.holds) fmt::print("  waits: {}\n", rollout::waitText(wait));
    if (view.expectedEnd) fmt::print("  ends about {}\n", wallText(*view.expectedEnd));
}

void printFleet(const engine::Snapshot& snapshot, Duration age)
{
    fmt::print("driver: {}, picture {} old\n", snapshot.engine.holder.empty() ? "nobody" : snapshot.engine.holder,
               durationText(age));
    if (!snapshot.engine.problem.empty()) fmt::print("problem: {}\n", snapshot.engine.problem);
    for (const engine::TargetView& target : snapshot.targets) {
        if (target.live) continue;
        fmt::print("{}  stable {}{}\n", target.id.value, target.stableVersion,
                   target.stop ? "  STOPPED: an emergency stop is in force" : "");
    }
    for (const auto& view : snapshot.rollouts)
        if (!rollout::isEnd(view->state.phase)) printRollout(*view);
}

void printEvidence(const engine::RolloutView& view, const Connections& connections)
{
    if (view.state.approval) fmt::print("evidence {}\n", view.state.approval->digest);
    printMetrics(view);
    fmt::print("health score: {}\n", scoreText(view.assessment.score));
    for (const rollout::WaitReason& wait : view.waits) {
        fmt::print("  {} {}\n", wait.holds ? "ok " : "-- ", rollout::waitText(wait));
        if (wait.code == rollout::WaitCode::ApprovalMissing) printApprovers(view, connections);
    }
}

void printMetrics(const engine::RolloutView& view)
{
    fmt::print("{:<22} {:>12} {:>12} {:>12}\n", "metric", "stable", "canary", "compared to");
    for (const analysis::Reading& reading : view.assessment.readings) {
        const Metric* metric = view.playbook ? view.playbook->metric(reading.metric) : nullptr;
        const Unit unit = metric != nullptr ? metric->unit : Unit::Plain;
        fmt::print("{:<22} {:>12} {:>12} {:>12}\n", metric != nullptr ? metric->title : reading.metric,
                   optionalValue(reading.stable, unit), optionalValue(reading.canary, unit),
                   optionalValue(reading.baseline, unit));
    }
}

} // namespace sluice::app::ctl
