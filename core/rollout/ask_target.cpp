// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rollout/ask_target.h"

#include <type_traits>

#include "core/base/overloaded.h"

namespace sluice::rollout {

RolloutId rolloutOf(const Command& command)
{
    return std::visit(overloaded{
                          [](const StartRollout&) { return RolloutId(); },
                          [](const EmergencyStop&) { return RolloutId(); },
                          [](const ClearStop&) { return RolloutId(); },
                          [](const auto& one) { return one.rollout; },
                      },
                      command);
}

std::string_view commandName(const Command& command)
{
    using Name = std::string_view;
    return std::visit(overloaded{
                          [](const StartRollout&) { return Name("start"); },
                          [](const Approve&) { return Name("approve"); },
                          [](const Reject&) { return Name("reject"); },
                          [](const Pause&) { return Name("pause"); },
                          [](const Resume&) { return Name("resume"); },
                          [](const Promote&) { return Name("promote"); },
                          [](const StepBack&) { return Name("step-back"); },
                          [](const Cancel&) { return Name("cancel"); },
                          [](const RollBack&) { return Name("rollback"); },
                          [](const EmergencyRollback&) { return Name("emergency-rollback"); },
                          [](const Ramp&) { return Name("ramp"); },
                          [](const TickItem&) { return Name("tick"); },
                          [](const HandOver&) { return Name("hand-over"); },
                          [](const Comment&) { return Name("comment"); },
                          [](const RetryStep&) { return Name("retry-step"); },
                          [](const SkipStep&) { return Name("skip-step"); },
                          [](const EmergencyStop&) { return Name("emergency-stop"); },
                          [](const ClearStop&) { return Name("stop-clear"); },
                      },
                      command);
}

} // namespace sluice::rollout
