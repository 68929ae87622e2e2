// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <variant>

#include <fmt/format.h>

#include "core/rollout/decide.h"
#include "tests/simulation/invariants.h"

namespace sluice::simulation {

using namespace std::chrono_literals;
using rollout::Phase;

namespace {

constexpr Duration kFreshest = 4s;      // age at which data still counts as fresh (3 s), and one poll
constexpr size_t kEventsAMinute = 400;  // of one target; a hot loop writes thousands
constexpr Duration kBakeSlack = 1500ms; // one step, and the second between two samples

template <class E>
const E* as(const Step& step)
{
    return std::get_if<E>(&step.decided.event);
}

std::string where(const Step& step)
{
    return fmt::format("{} v{} {}", step.stored.rollout.value, step.stored.version, step.stored.event.type);
}

} // namespace

void Invariants::seen(const Step& step)
{
    S1_oneDecider(step);
    S4_noAdvanceOnMissingData(step);
    S8_honestOutcome(step);
    S10_veto(step);
    S12_time(step);
    S13_durable(step);
    S14_approval(step);
    S15_capacity(step);
    S20_bounds(step);
}

/// Numbers without a gap, epochs that only rise, one unfinished rollout a target.
void Invariants::S1_oneDecider(const Step& step)
{
    if (step.stored.gseq != m_lastGseq + 1) m_setting.fail("S1", "gap in the journal at " + where(step));
    m_lastGseq = step.stored.gseq;
    if (step.stored.version != step.before.version + 1)
        m_setting.fail("S1", "version twice or missing: " + where(step));
    int64_t& epoch = m_epochs[step.after.target];
    if (step.stored.epoch < epoch)
        m_setting.fail("S1", fmt::format("{} stored under epoch {} after {}", where(step), step.stored.epoch, epoch));
    epoch = std::max(epoch, step.stored.epoch);
    if (as<rollout::RolloutStarted>(step) == nullptr) return;
    for (const auto& [id, other] : m_record.rollouts())
        if (id != step.after.id && other.target == step.after.target && !rollout::isEnd(other.phase))
            m_setting.fail("S1", "a second unfinished rollout: " + where(step));
}

void Invariants::S4_noAdvanceOnMissingData(const Step& step)
{
    const auto* passed = as<rollout::StagePassed>(step);
    if (passed == nullptr || passed->forced) return;
    const Duration age = m_setting.now() - m_accounts[step.after.target].known;
    if (age > kFreshest) m_setting.fail("S4", fmt::format("{} on data {} ms old", where(step), age.count() / 1000));
    for (const char* bad : {R"("verdict":"no-data")", R"("verdict":"fail")", R"("state":"firing")"})
        if (passed->evidence.find(bad) != std::string::npos)
            m_setting.fail("S4", where(step) + " cites " + bad + ": " + passed->evidence);
}

/// "Applied" and "verified" are what the proxies hold, not what somebody sent.
void Invariants::S8_honestOutcome(const Step& step)
{
    auto& service = m_setting.service(step.after.target);
    if (as<rollout::StageApplied>(step) != nullptr)
        for (const auto& [name, proxy] : service.proxies)
            if (!proxy.answers() || proxy.maint() || proxy.limit() != step.after.weight)
                m_setting.fail("S8", where(step) + ", but " + name + " does not hold the weight");
    const auto* verified = as<rollout::TrafficVerified>(step);
    const bool skipped = step.decided.actor.person != PersonId("engine");
    if (verified == nullptr || skipped) return;
    for (const auto& [name, proxy] : service.proxies) {
        const bool named = std::ranges::find(verified->unreachable, name) != verified->unreachable.end();
        if (!named && (!proxy.answers() || !proxy.maint() || proxy.limit() != Weight::none()))
            m_setting.fail("S8", where(step) + ", but " + name + " is not at the safe state");
    }
}

/// After a trigger that rolls back, nothing raises exposure any more; the rollback is the next event.
void Invariants::S10_veto(const Step& step)
{
    const bool raises = as<rollout::StageEntered>(step) != nullptr || as<rollout::StagePassed>(step) != nullptr ||
                        (as<rollout::WeightRamped>(step) != nullptr && step.after.weight > step.before.weight);
    const bool beaten = step.before.phase == Phase::RollingBack || rollout::isEnd(step.before.phase);
    if (raises && beaten) m_setting.fail("S10", where(step) + " after the way back was decided");
    const auto fired = [](const rollout::TriggerFired* one) {
        return one != nullptr && one->action == FailureAction::Rollback;
    };
    if (!fired(as<rollout::TriggerFired>(step))) return;
    const auto& all = m_setting.store.events;
    const bool answered =
        std::any_of(all.begin() + static_cast<std::ptrdiff_t>(step.stored.gseq), all.end(), [&](const auto& event) {
            return event.rollout == step.stored.rollout && event.event.type == "rollback_started";
        });
    if (!answered && step.before.phase != Phase::RollingBack)
        m_setting.fail("S10", where(step) + " without a rollback in the same breath");
}

/// Time that nobody saw is never credited, whatever the clocks say.
void Invariants::S12_time(const Step& step)
{
    const Duration observed = m_accounts[step.after.target].observed;
    const bool begins = as<rollout::StageEntered>(step) != nullptr || as<rollout::SteppedBack>(step) != nullptr ||
                        as<rollout::WatchStarted>(step) != nullptr;
    if (begins) m_observedAtStage[step.after.id] = observed;
    Duration credited{0};
    if (as<rollout::BakeCredited>(step) != nullptr)
        credited = step.after.stages.at(static_cast<size_t>(step.after.stage)).baked;
    if (as<rollout::WatchCredited>(step) != nullptr) credited = step.after.watched;
    const Duration possible = observed - m_observedAtStage[step.after.id] + kBakeSlack;
    if (credited > possible)
        m_setting.fail("S12", fmt::format("{}: {} ms credited, {} ms observed", where(step), credited.count() / 1000,
                                          possible.count() / 1000));
}

/// The old version's capacity goes, and "stable" is said, only when the world already is what it will stay.
void Invariants::S13_durable(const Step& step)
{
    auto& service = m_setting.service(step.after.target);
    const auto* changed = as<rollout::StepChanged>(step);
    if (changed != nullptr && changed->state == rollout::StepState::Done && step.after.phase == Phase::Finalising) {
        const bool pool =
            service.stable.version() == step.after.toVersion && service.stable.ready() >= service.stable.wanted();
        if (changed->step == 0 && !pool) m_setting.fail("S13", where(step) + ", but the pool is not the new version");
        for (const auto& [name, proxy] : service.proxies)
            if (changed->step == 1 && (!proxy.answers() || exposed(proxy) > 0))
                m_setting.fail("S13", where(step) + ", but " + name + " still splits");
    }
    if (as<rollout::MarkedStable>(step) != nullptr) m_stable[step.after.target] = step.after.toVersion;
    if (as<rollout::MarkedStable>(step) != nullptr && service.stable.version() != step.after.toVersion)
        m_setting.fail("S13", where(step) + ", but the pool runs " + service.stable.version());
    if (as<rollout::RolledBack>(step) != nullptr && service.stable.version() != step.after.fromVersion)
        m_setting.fail("S13", where(step) + ", but the pool runs " + service.stable.version());
}

void Invariants::S14_approval(const Step& step)
{
    const auto& people = m_setting.fleet.connections();
    const auto holds = [&](const PersonId& id, const std::vector<std::string>& roles) {
        const Person* person = people.person(id);
        return person != nullptr && std::ranges::any_of(roles, [&](const std::string& role) {
                   return std::ranges::find(person->roles, role) != person->roles.end();
               });
    };
    if (const auto* given = as<rollout::ApprovalGiven>(step)) {
        const auto& round = step.before.approval;
        if (!round || given->approval.digest != round->digest)
            m_setting.fail("S14", where(step) + " for evidence that is not asked about");
        if (given->approval.person == step.after.startedBy) m_setting.fail("S14", where(step) + " by the starter");
        if (!holds(given->approval.person, {given->approval.role}))
            m_setting.fail("S14", where(step) + ": no such role");
        if (round && std::ranges::count(round->given, given->approval.person, &rollout::GivenApproval::person) > 0)
            m_setting.fail("S14", where(step) + " twice by one person");
    }
    const auto* passed = as<rollout::StagePassed>(step);
    if (passed == nullptr || step.before.phase == Phase::Watching) return;
    if (passed->forced) {
        const bool fine = passed->second != step.decided.actor.person && !passed->forcedReason.empty() &&
                          holds(passed->second, {"release-manager", "engineering-lead"});
        if (!fine) m_setting.fail("S14", where(step) + " forced without a second person and a reason");
        return;
    }
    const ApprovalRule& rule = playbook()->stages.at(static_cast<size_t>(passed->stage)).approve;
    const bool warned = step.before.stages.at(static_cast<size_t>(passed->stage)).warnings > 0;
    const bool needed = rule.when == ApproveWhen::Always || (rule.when == ApproveWhen::Warnings && warned);
    const size_t have = step.before.approval ? step.before.approval->given.size() : 0;
    if (needed && have < static_cast<size_t>(rule.count)) m_setting.fail("S14", where(step) + " without approval");
}

/// The receiving side is there before the weight goes up.
void Invariants::S15_capacity(const Step& step)
{
    const auto* entered = as<rollout::StageEntered>(step);
    if (entered == nullptr) return;
    const auto& service = m_setting.service(step.after.target);
    const int needed = rollout::canaryInstancesFor(*playbook(), entered->stage, service.stable.wanted());
    const int ready = service.canary.version() == step.after.toVersion ? service.canary.ready() : 0;
    if (ready < needed)
        m_setting.fail("S15", fmt::format("{} with {} of {} instances ready", where(step), ready, needed));
}

void Invariants::S20_bounds(const Step& step)
{
    auto& times = m_eventTimes[step.after.target];
    times.push_back(m_setting.now());
    while (times.front() < m_setting.now() - 1min)
        times.pop_front();
    if (times.size() > kEventsAMinute) m_setting.fail("S20", "too many events in a minute at " + where(step));
}

} // namespace sluice::simulation
