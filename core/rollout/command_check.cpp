// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rollout/command_check.h"

#include <initializer_list>
#include <string>

#include <fmt/format.h>

#include "core/base/overloaded.h"
#include "core/rollout/sentence.h"

namespace sluice::rollout {

namespace {

/// A playbook's text travels inside a start; its reader stops at the same size.
constexpr size_t kLongestPlaybook = 1024UL * 1024UL;

std::optional<Error> check(std::initializer_list<const std::string*> texts, size_t limit = kLongestText)
{
    for (const std::string* text : texts) {
        if (text->size() > limit) {
            return Error{Fault::BadInput,
                         fmt::format("A text of {} bytes is too long: {} are the limit.", text->size(), limit)};
        }
        if (!isPlainUtf8(*text)) return Error{Fault::BadInput, "A text is not valid UTF-8."};
    }
    return std::nullopt;
}

std::optional<Error> checkStart(const StartRollout& c)
{
    for (const auto& [key, value] : c.settings) {
        if (auto fault = check({&key, &value})) return fault;
    }
    if (auto fault = check({&c.playbookText}, kLongestPlaybook)) return fault;
    return check({&c.target.value, &c.toVersion, &c.fromVersion, &c.playbook, &c.note, &c.exception, &c.second.value});
}

} // namespace

std::optional<Move> moveOf(const Command& command)
{
    using Answer = std::optional<Move>;
    return std::visit(overloaded{
                          [](const StartRollout&) { return Answer(); },
                          [](const ClearStop&) { return Answer(); },
                          [](const Approve&) { return Answer(Move::Approve); },
                          [](const Reject&) { return Answer(Move::Reject); },
                          [](const Pause&) { return Answer(Move::Pause); },
                          [](const Resume&) { return Answer(Move::Resume); },
                          [](const Promote&) { return Answer(Move::Promote); },
                          [](const StepBack&) { return Answer(Move::StepBack); },
                          [](const Cancel&) { return Answer(Move::Cancel); },
                          [](const RollBack&) { return Answer(Move::RollBack); },
                          [](const EmergencyRollback&) { return Answer(Move::EmergencyRollback); },
                          [](const EmergencyStop&) { return Answer(Move::EmergencyRollback); },
                          [](const Ramp&) { return Answer(Move::Ramp); },
                          [](const TickItem&) { return Answer(Move::TickItem); },
                          [](const HandOver&) { return Answer(Move::HandOver); },
                          [](const Comment&) { return Answer(Move::Comment); },
                          [](const RetryStep&) { return Answer(Move::RetryStep); },
                          [](const SkipStep&) { return Answer(Move::SkipStep); },
                      },
                      command);
}

std::optional<Error> checkTexts(const Command& command)
{
    return std::visit(overloaded{
                          [](const StartRollout& c) { return checkStart(c); },
                          [](const Approve& c) {
                              return check({&c.digest, &c.comment});
                          },
                          [](const Promote& c) {
                              return check({&c.reason, &c.second.value});
                          },
                          [](const RollBack& c) {
                              return check({&c.toVersion, &c.reason});
                          },
                          [](const Ramp& c) {
                              return check({&c.reason, &c.second.value});
                          },
                          [](const TickItem& c) {
                              return check({&c.item, &c.note});
                          },
                          [](const HandOver& c) {
                              return check({&c.to.value, &c.note});
                          },
                          [](const Comment& c) { return check({&c.text}); },
                          [](const RetryStep&) { return std::optional<Error>(); },
                          [](const auto& c) { return check({&c.reason}); },
                      },
                      command);
}

} // namespace sluice::rollout
