// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include "core/model/count_text.h"
#include "core/rollout/event.h"
#include "core/rollout/story.h"

namespace sluice::rollout {

namespace {

std::string percent(Weight weight)
{
    return percentText(weight.ppm());
}
std::string stageNumber(int stage)
{
    return std::to_string(stage + 1);
}

std::string with(std::string text, std::string_view label, const std::string& detail)
{
    return detail.empty() ? text : text + std::string(label) + detail;
}

std::string_view stepWords(StepState state)
{
    switch (state) {
    case StepState::Waiting: return "waits";
    case StepState::Running: return "is running";
    case StepState::Done: return "is done";
    case StepState::Failed: return "failed";
    case StepState::Skipped: return "was skipped";
    }
    return {};
}

std::string joined(const std::vector<std::string>& names)
{
    std::string text;
    for (const std::string& name : names)
        text += (text.empty() ? "" : ", ") + name;
    return text;
}

std::string score(const std::optional<int64_t>& milli)
{
    return milli ? " with score " + pointsText(*milli) : std::string();
}

/// One sentence per event type; numbers of stages count from one, as people do.
struct Teller {
    std::string operator()(const RolloutStarted& e) const
    {
        return fmt::format("Release of {} over {} on {} started with playbook {}", e.toVersion, e.fromVersion,
                           e.target.value, e.playbookName);
    }
    std::string operator()(const CanaryReady& e) const
    {
        return countText(e.instances, "canary instance is ready", "canary instances are ready");
    }
    std::string operator()(const BaselineRecorded& e) const
    {
        return fmt::format("Baseline of {} recorded", durationText(e.length));
    }
    std::string operator()(const StageEntered& e) const
    {
        return with(fmt::format("Stage {} entered: {} asked", stageNumber(e.stage), percent(e.weight)), "; ",
                    e.because);
    }
    std::string operator()(const StageApplied& e) const
    {
        return fmt::format("Weight of stage {} applied on {} in {}", stageNumber(e.stage),
                           countText(e.proxies, "proxy", "proxies"), durationText(e.took));
    }
    std::string operator()(const BakeCredited& e) const
    {
        return fmt::format("{} of bake credited to stage {}", durationText(e.credit), stageNumber(e.stage));
    }
    std::string operator()(const BakeDone& e) const
    {
        return fmt::format("Bake of stage {} is done", stageNumber(e.stage));
    }
    std::string operator()(const WarningRaised& e) const
    {
        return fmt::format("Warning in stage {}: {}", stageNumber(e.stage), e.text);
    }
    std::string operator()(const ApprovalRequested& e) const
    {
        return fmt::format("Approval of stage {} requested until {}", stageNumber(e.stage), wallText(e.expiresAt));
    }
    std::string operator()(const ApprovalGiven& e) const
    {
        return with(
            fmt::format("{} approved stage {} as {}", e.approval.person.value, stageNumber(e.stage), e.approval.role),
            ": ", e.approval.comment);
    }
    std::string operator()(const ApprovalVoided& e) const
    {
        return fmt::format("Request for approval of stage {} is void: {}", stageNumber(e.stage), e.because);
    }
    std::string operator()(const StagePassed& e) const
    {
        const std::string text = fmt::format("Stage {} passed{}", stageNumber(e.stage), score(e.scoreMilli));
        if (!e.forced) return text;
        return fmt::format("{}, beyond an open gate, with {}: {}", text, e.second.value, e.forcedReason);
    }
    std::string operator()(const RolloutPaused& e) const { return "Paused: " + e.because; }
    std::string operator()(const RolloutResumed& e) const { return with("Resumed", ": ", e.reason); }
    std::string operator()(const SteppedBack& e) const
    {
        return with(fmt::format("Stepped back from stage {} to stage {}, {}", stageNumber(e.from), stageNumber(e.to),
                                percent(e.weight)),
                    ": ", e.because);
    }
    std::string operator()(const WeightRamped& e) const
    {
        const std::string text = fmt::format("Weight ramped to {}", percent(e.weight));
        return with(e.forced ? fmt::format("{}, beyond an open gate, with {}", text, e.second.value) : text, ": ",
                    e.reason);
    }
    std::string operator()(const TriggerFired& e) const
    {
        return fmt::format("Trigger {} fired: {}", e.trigger, e.text);
    }
    std::string operator()(const RollbackStarted& e) const
    {
        return fmt::format("Rollback to {} started: {}", e.plan.toVersion, e.plan.because);
    }
    std::string operator()(const TrafficVerified& e) const
    {
        return with(fmt::format("Canary traffic verified at zero on {} after {}",
                                countText(e.proxies, "proxy", "proxies"), durationText(e.took)),
                    "; out of reach: ", joined(e.unreachable));
    }
    std::string operator()(const TrafficQuiet& e) const
    {
        if (!e.note.empty()) return fmt::format("Went on without seeing the canary quiet: {}", e.note);
        return fmt::format("No request reached the canary any more, {} after the decision", durationText(e.took));
    }
    std::string operator()(const StepChanged& e) const
    {
        return with(fmt::format("Step {} {}", e.step + 1, stepWords(e.state)), ": ", e.note);
    }
    std::string operator()(const RolledBack& e) const
    {
        return fmt::format("Rolled back: {} serves everybody", e.version);
    }
    std::string operator()(const WatchStarted& e) const
    {
        return fmt::format("Watching for {}, triggers armed", durationText(e.length));
    }
    std::string operator()(const WatchCredited& e) const
    {
        return fmt::format("{} of watch credited", durationText(e.credit));
    }
    std::string operator()(const FinaliseStarted& e) const
    {
        return fmt::format("Finalising in {}", countText(e.steps.size(), "step", "steps"));
    }
    std::string operator()(const MarkedStable& e) const { return fmt::format("{} is the stable version", e.version); }
    std::string operator()(const RolloutCancelled& e) const { return with("Cancelled", ": ", e.reason); }
    std::string operator()(const ItemTicked& e) const
    {
        return with(fmt::format("Checklist item {} {}", e.item, e.ticked ? "ticked" : "unticked"), ": ", e.note);
    }
    std::string operator()(const HandedOver& e) const
    {
        return with(fmt::format("Handed over to {}", e.to.value), ": ", e.note);
    }
    std::string operator()(const Commented& e) const { return e.text; }
    std::string operator()(const DriftCorrected& e) const
    {
        return fmt::format("Drift on {} corrected: {}", e.proxy, e.text);
    }
    std::string operator()(const DataLost& e) const { return with("Data lost", ": ", e.text); }
    std::string operator()(const DataRestored& e) const
    {
        return fmt::format("Data is back after {}", durationText(e.gap));
    }
    std::string operator()(const DriverChanged& e) const
    {
        return with(fmt::format("{} drives, epoch {}", e.holder, e.epoch), ": ", e.because);
    }
};

} // namespace

std::string eventText(const Event& event)
{
    return std::visit(Teller{}, event);
}

std::string eventText(const Event& event, const Rollout& after)
{
    const auto* change = std::get_if<StepChanged>(&event);
    const auto& steps = after.rollback ? after.rollback->steps : after.finalise;
    const bool known = change != nullptr && change->step >= 0 && static_cast<size_t>(change->step) < steps.size();
    if (!known) return eventText(event);
    const std::string& title = steps[static_cast<size_t>(change->step)].title;
    return with(fmt::format("Step {} {}: {}", change->step + 1, stepWords(change->state), title), "; ", change->note);
}

} // namespace sluice::rollout
