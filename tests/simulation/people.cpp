// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/people.h"

#include <array>
#include <utility>

#include "core/journal/command_codec.h"
#include "core/rollout/ask_target.h"
#include "core/rollout/decide.h"
#include "core/rollout/moves.h"

namespace sluice::simulation {

using namespace std::chrono_literals;
using rollout::Phase;

namespace {
constexpr double kHelpful = 0.15; // chance per step that somebody does what is waited for
constexpr double kStart = 0.08;
constexpr Duration kPatience = 30s; // a paused rollout is rolled back when resuming it does not help
} // namespace

Life* People::anybody()
{
    const auto living = m_setting.living();
    return living.empty() ? nullptr : living[m_random.below(living.size())];
}

void People::ask(rollout::Command command, const std::string& person)
{
    Life* life = anybody();
    if (life == nullptr) return;
    const Person* who = m_setting.fleet.connections().person(PersonId(person));
    rollout::Actor actor{who == nullptr ? PersonId() : who->id,
                         who == nullptr ? std::vector<std::string>{} : who->roles, "os"};
    const RolloutId about = rollout::rolloutOf(command);
    const auto before = m_setting.store.events.size();
    life->engine->core.submit(std::move(command), actor, [this, about, before](const Result<std::string>& answer) {
        ++(answer.ok() ? accepted : refused);
        if (!answer.ok() || about.empty()) return;
        for (size_t i = before; i < m_setting.store.events.size(); ++i)
            if (m_setting.store.events[i].rollout == about) return;
        m_setting.fail("S6", "a command was accepted, and the journal has nothing of it");
    });
}

void People::act()
{
    for (const TargetId& target : m_setting.targets()) {
        const rollout::Rollout* rollout = m_record.newestOn(target);
        const bool live = rollout != nullptr && !rollout::isEnd(rollout->phase);
        if (!live && m_random.chance(kStart)) start(target);
        if (live && m_random.chance(kHelpful)) helpWith(target, *rollout);
        if (rollout != nullptr && m_random.chance(m_setting.scenario.mischief)) meddle(target, *rollout);
    }
}

void People::help(double chance)
{
    for (const TargetId& target : m_setting.targets()) {
        if (!m_random.chance(chance)) continue;
        if (m_setting.fleet.safety().stopped(target)) ask(rollout::ClearStop{target, "it is over"}, "you");
        const rollout::Rollout* rollout = m_record.newestOn(target);
        if (rollout != nullptr && !rollout::isEnd(rollout->phase)) helpWith(target, *rollout);
    }
}

void People::start(const TargetId& target)
{
    BootTime& last = m_startedAt.try_emplace(target, BootTime{}).first->second;
    if (last != BootTime{} && m_setting.now() - last < 5s) return;
    last = m_setting.now();
    if (m_setting.fleet.safety().stopped(target)) ask(rollout::ClearStop{target, "go on"}, "you");
    ask(rollout::StartRollout{.target = target,
                              .toVersion = "v" + std::to_string(++m_versions),
                              .playbook = "simulated",
                              .playbookText = playbookText()},
        "release-bot");
}

void People::helpWith(const TargetId& target, const rollout::Rollout& rollout)
{
    for (const auto* list : {&playbook()->checklists.pre, &playbook()->checklists.post})
        for (const ChecklistItem& item : *list)
            if (!rollout.ticked.contains(item.id)) {
                ask(rollout::TickItem{.rollout = rollout.id, .item = item.id}, "you");
                return;
            }
    if (rollout.approval && rollout.phase == Phase::AwaitingApproval && rollout.approval->given.empty())
        ask(rollout::Approve{.rollout = rollout.id, .digest = rollout.approval->digest, .comment = "fine"},
            m_random.chance(0.5) ? "you" : "colleague");
    const bool stopped = m_setting.fleet.safety().stopped(target).has_value();
    if (rollout.phase == Phase::Paused && !stopped) {
        const bool tired = m_random.chance(0.1) && m_setting.wall() - rollout.phaseSince > kPatience;
        if (tired && rollout::hasExposure(rollout))
            ask(rollout::RollBack{.rollout = rollout.id, .reason = "enough"}, "you");
        else
            ask(rollout::Resume{rollout.id, "go on"}, "you");
    }
    if (rollout::failedStep(rollout) >= 0) ask(rollout::RetryStep{rollout.id}, "you");
    // A share that somebody lowered by hand holds the stage until it is given back.
    const bool judged =
        rollout.phase == Phase::Baking || rollout.phase == Phase::Judging || rollout.phase == Phase::Watching;
    const auto stage = static_cast<size_t>(rollout.stage);
    if (judged && rollout.weight < playbook()->stages.at(stage).weight)
        ask(rollout::Ramp{.rollout = rollout.id, .weight = playbook()->stages.at(stage).weight, .reason = "as planned"},
            "you");
}

void People::meddle(const TargetId&, const rollout::Rollout& rollout)
{
    static constexpr std::array<const char*, 5> kWho{"release-bot", "you", "colleague", "guest", "nobody"};
    if (m_random.chance(0.1)) {
        repeat(rollout);
        return;
    }
    ask(anyCommand(rollout), kWho.at(m_random.below(kWho.size())));
}

rollout::Command People::anyCommand(const rollout::Rollout& rollout)
{
    const RolloutId id = rollout.id;
    const std::string reason = m_random.chance(0.8) ? "because" : "";
    const PersonId second(m_random.chance(0.5) ? "colleague" : "guest");
    const bool force = m_random.chance(0.5);
    const Weight weight = Weight::parse(static_cast<int64_t>(m_random.below(10'001))).value_or(Weight::none());
    switch (m_random.below(16)) {
    case 0: return rollout::Approve{.rollout = id, .digest = m_random.chance(0.5) ? "stale" : "", .comment = "yes"};
    case 1: return rollout::Reject{id, reason};
    case 2: return rollout::Pause{id, reason};
    case 3: return rollout::Resume{id, reason};
    case 4: return rollout::Promote{.rollout = id, .force = force, .reason = reason, .second = second};
    case 5: return rollout::StepBack{id, reason};
    case 6: return rollout::Cancel{id, reason};
    case 7: return rollout::RollBack{.rollout = id, .toVersion = m_random.chance(0.2) ? "v0" : "", .reason = reason};
    case 8: return rollout::EmergencyRollback{id, reason};
    case 9: return rollout::Ramp{.rollout = id, .weight = weight, .force = force, .reason = reason, .second = second};
    case 10: return rollout::TickItem{.rollout = id, .item = "way-back", .ticked = force};
    case 11: return rollout::HandOver{id, second, reason};
    case 12: return rollout::Comment{id, reason};
    case 13: return rollout::RetryStep{id};
    case 14: return rollout::SkipStep{id, reason};
    default:
        return rollout::StartRollout{.target = rollout.target,
                                     .toVersion = "v" + std::to_string(++m_versions),
                                     .playbook = "simulated",
                                     .playbookText = playbookText(),
                                     .supersede = force};
    }
}

/// The same request twice, as a client does that lost the answer.
void People::repeat(const rollout::Rollout& rollout)
{
    const ports::InboxRow row{.id = "q-repeated-" + std::to_string(m_random.below(3)),
                              .person = PersonId("you"),
                              .proof = "os",
                              .command = journal::encodeCommand(rollout::Pause{rollout.id, "asked twice"}),
                              .askedAt = m_setting.wall(),
                              .answer = {}};
    sim::MemoryJournal client(m_setting.store, m_setting.fleet.world().clock());
    (void)client.ask(row);
    if (client.ask(row).ok()) ++repeated;
}

} // namespace sluice::simulation
