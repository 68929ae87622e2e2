// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/overloaded.h"
#include "core/rollout/event.h"

namespace sluice::rollout {

std::string_view eventName(const Event& event)
{
    using Name = std::string_view;
    return std::visit(overloaded{
                          [](const RolloutStarted&) { return Name("rollout_started"); },
                          [](const CanaryReady&) { return Name("canary_ready"); },
                          [](const BaselineRecorded&) { return Name("baseline_recorded"); },
                          [](const StageEntered&) { return Name("stage_entered"); },
                          [](const StageApplied&) { return Name("stage_applied"); },
                          [](const BakeCredited&) { return Name("bake_credited"); },
                          [](const BakeDone&) { return Name("bake_done"); },
                          [](const WarningRaised&) { return Name("warning_raised"); },
                          [](const ApprovalRequested&) { return Name("approval_requested"); },
                          [](const ApprovalGiven&) { return Name("approval_given"); },
                          [](const ApprovalVoided&) { return Name("approval_voided"); },
                          [](const StagePassed&) { return Name("stage_passed"); },
                          [](const RolloutPaused&) { return Name("rollout_paused"); },
                          [](const RolloutResumed&) { return Name("rollout_resumed"); },
                          [](const SteppedBack&) { return Name("stepped_back"); },
                          [](const WeightRamped&) { return Name("weight_ramped"); },
                          [](const TriggerFired&) { return Name("trigger_fired"); },
                          [](const RollbackStarted&) { return Name("rollback_started"); },
                          [](const TrafficVerified&) { return Name("traffic_verified"); },
                          [](const TrafficQuiet&) { return Name("traffic_quiet"); },
                          [](const StepChanged&) { return Name("step_changed"); },
                          [](const RolledBack&) { return Name("rolled_back"); },
                          [](const WatchStarted&) { return Name("watch_started"); },
                          [](const WatchCredited&) { return Name("watch_credited"); },
                          [](const FinaliseStarted&) { return Name("finalise_started"); },
                          [](const MarkedStable&) { return Name("marked_stable"); },
                          [](const RolloutCancelled&) { return Name("rollout_cancelled"); },
                          [](const ItemTicked&) { return Name("item_ticked"); },
                          [](const HandedOver&) { return Name("handed_over"); },
                          [](const Commented&) { return Name("commented"); },
                          [](const DriftCorrected&) { return Name("drift_corrected"); },
                          [](const DataLost&) { return Name("data_lost"); },
                          [](const DataRestored&) { return Name("data_restored"); },
                          [](const DriverChanged&) { return Name("driver_changed"); },
                      },
                      event);
}

} // namespace sluice::rollout
