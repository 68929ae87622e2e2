// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/engine/simulated_release.h"

#include <memory>

namespace sluice::testing {

namespace {
const WallTime kBegin = wallTime(1'795'000'000'000'000); // some instant; the wall clock decides nothing
} // namespace

Connections simulatedConnections()
{
    Connections connections;
    connections.people = {
        {.id = PersonId("release-bot"), .name = "Release bot", .roles = {"release-manager"}},
        {.id = PersonId("you"), .name = "You", .roles = {"release-manager", "engineering-lead", "on-call"}},
        {.id = PersonId("colleague"), .name = "A colleague", .roles = {"engineering-lead", "release-manager"}},
    };
    connections.sources["sim"] = {};
    connections.routers["edge-1"] = {.service = "checkout"};
    connections.routers["edge-2"] = {.service = "checkout"};
    connections.deployers["sim"] = {};
    connections.targets.push_back({.id = TargetId("checkout/production"),
                                   .service = "checkout",
                                   .environment = "production",
                                   .routers = {"edge-1", "edge-2"},
                                   .metrics = "sim",
                                   .deployer = "sim",
                                   .playbook = "lab-canary",
                                   .health = "sim",
                                   .stableVersion = "v2.3.0",
                                   .lab = true});
    return connections;
}

SimulatedRelease::SimulatedRelease(uint64_t seed)
    : fleet(seed, kBegin, simulatedConnections())
{
    service = &fleet.addService(target, 4);
    boot("first");
}

void SimulatedRelease::boot(const std::string& name, const std::function<void(engine::EngineParts&)>& adjust)
{
    auto journal = std::make_unique<sim::MemoryJournal>(store, fleet.world().clock());
    const auto started = fleet.startEngine(name, *journal, nullptr, adjust);
    SLUICE_CHECK(started.ok());
    engine = started.value();
    m_journals[name] = std::move(journal);
}

void SimulatedRelease::kill()
{
    store.deadEngines.insert(engine->name);
    fleet.kill(engine);
    engine = nullptr;
}

bool SimulatedRelease::until(const std::function<bool()>& done, Duration limit)
{
    for (Duration gone{0}; gone < limit; gone += engine::kTick) {
        if (done()) return true;
        fleet.step(engine::kTick);
    }
    return done();
}

void SimulatedRelease::run(Duration time)
{
    (void)until([] { return false; }, time);
}

Result<std::string> SimulatedRelease::ask(rollout::Command command, const std::string& person)
{
    const Person* who = fleet.connections().person(PersonId(person));
    rollout::Actor actor{PersonId(person), who != nullptr ? who->roles : std::vector<std::string>{}, "os"};
    auto answer = std::make_shared<std::optional<Result<std::string>>>();
    engine->core.submit(std::move(command), std::move(actor),
                        [answer](const Result<std::string>& result) { *answer = result; });
    (void)until([&] { return answer->has_value(); }, std::chrono::seconds(10));
    return answer->has_value() ? **answer : Result<std::string>(Error{Fault::Unreachable, "no answer"});
}

Result<std::string> SimulatedRelease::start(const std::string& version, const std::string& playbook,
                                            const std::string& text)
{
    (void)until([&] { return engine->core.latest()->engine.role == engine::EngineStatus::Role::Driver; },
                std::chrono::seconds(30));
    auto started =
        ask(rollout::StartRollout{.target = target, .toVersion = version, .playbook = playbook, .playbookText = text},
            "release-bot");
    if (started.ok()) rollout = RolloutId(started.value());
    return started;
}

void SimulatedRelease::helpAlong()
{
    const engine::RolloutView* now = view();
    if (now == nullptr || !now->playbook) return;
    for (const auto* list :
         {&now->playbook->checklists.pre, &now->playbook->checklists.during, &now->playbook->checklists.post})
        for (const ChecklistItem& item : *list)
            if (!now->state.ticked.contains(item.id)) {
                (void)ask(rollout::TickItem{.rollout = rollout, .item = item.id}, "you");
                return;
            }
    if (now->state.approval && now->state.phase == rollout::Phase::AwaitingApproval &&
        now->state.approval->given.empty())
        (void)ask(rollout::Approve{.rollout = rollout, .digest = now->state.approval->digest, .comment = "fine"},
                  "you");
}

bool SimulatedRelease::reachStage(int stage, Duration limit)
{
    const auto settled = [&] {
        helpAlong();
        if (view() == nullptr) return false;
        const rollout::Rollout& state = view()->state;
        return rollout::isEnd(state.phase) || state.phase == rollout::Phase::RollingBack ||
               (state.stage == stage && state.phase == rollout::Phase::Baking);
    };
    return until(settled, limit) && phase() == rollout::Phase::Baking;
}

bool SimulatedRelease::toTheEnd(Duration limit)
{
    return until(
        [&] {
            helpAlong();
            return view() != nullptr && rollout::isEnd(view()->state.phase);
        },
        limit);
}

const engine::RolloutView* SimulatedRelease::view() const
{
    return engine == nullptr ? nullptr : engine->core.latest()->rollout(rollout);
}

rollout::Phase SimulatedRelease::phase() const
{
    return view() == nullptr ? rollout::Phase::Preparing : view()->state.phase;
}

std::vector<std::string> SimulatedRelease::eventNames() const
{
    std::vector<std::string> names;
    for (const ports::StoredEvent& event : store.events)
        if (event.rollout == rollout) names.push_back(event.event.type);
    return names;
}

} // namespace sluice::testing
