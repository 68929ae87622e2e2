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

constexpr Duration kCorrection = 1500ms; // one read, one write, one read, and the step between
constexpr Duration kTakeOver = 13s;      // a new driver rebuilds its windows first, for 10 s at most
constexpr Duration kNoticed = 14s;       // a bad canary among the good requests of a 10 s window
constexpr Duration kUntilFenced = 3s;    // a robbed holder looks at its lease every 2.5 s
constexpr Duration kUnseen = 4s;         // data older than this is not fresh
constexpr Duration kObservedAtMost = 3s; // a longer gap between two steps was not observed
constexpr double kPlainlyBad = 0.2;      // error rate well above the trigger's 12 %

} // namespace

int exposed(const sim::SimulatedProxy& proxy)
{
    return proxy.maint() ? 0 : proxy.limit().perTenThousand();
}

void Invariants::beforeStep(Duration by)
{
    const auto& metrics = m_setting.fleet.world().metrics();
    const BootTime then = m_setting.now() + by;
    const auto living = m_setting.living();
    const bool awake = std::ranges::any_of(living, [](const Life* life) { return !life->frozen(); });
    for (const TargetId& target : m_setting.targets()) {
        Account& account = m_accounts[target];
        if (!metrics.blind && !metrics.notFinite) account.scraped = then;
        if (!metrics.down) account.known = account.scraped;
        const bool fresh = then - account.known <= kUnseen;
        if (!fresh) account.freshSince = then;
        if (by > kObservedAtMost) account.drivenSince = account.freshSince = account.badSince = then; // a sleep
        if (fresh && awake) account.observed += std::min(by, kObservedAtMost);
    }
}

void Invariants::afterStep()
{
    m_record.sync();
    S5_replay();
    for (const TargetId& target : m_setting.targets()) {
        Account& account = m_accounts[target];
        followDriver(target, account);
        S2_cap(target, account);
        S3_oneDriver(target);
        S16_stopIsObeyed(target, account);
        S21_guardrails(target, account);
        const rollout::Rollout* rollout = m_record.newestOn(target);
        if (rollout != nullptr && rollout::hasExposure(*rollout)) S11_wayBackIsOpen(*rollout);
    }
}

void Invariants::followDriver(const TargetId& target, Account& account)
{
    const Life* driver = m_setting.driver(target);
    const std::string name = driver == nullptr ? std::string() : driver->name;
    const int64_t epoch = driver == nullptr ? 0 : m_setting.store.leases.at(target).epoch;
    const bool held = m_setting.store.unreachable;
    if (name != account.drivenBy && !name.empty() && !account.drivenBy.empty()) ++m_setting.takeovers;
    const bool same = !name.empty() && name == account.drivenBy && epoch == account.drivenEpoch && !held;
    if (!same) account.drivenSince = m_setting.now();
    if (!name.empty()) account.drivenBy = name;
    account.drivenEpoch = epoch;
}

/// No proxy sends more to the canary than was approved; where something outside made it so, it is put right at once.
void Invariants::S2_cap(const TargetId& target, Account& account)
{
    const rollout::Rollout* rollout = m_record.newestOn(target);
    const bool owned = rollout != nullptr && !rollout::isEnd(rollout->phase);
    const int cap = owned ? rollout->cap.perTenThousand() : 0;
    for (const auto& [name, proxy] : m_setting.service(target).proxies) {
        const int share = exposed(proxy);
        if (share <= cap) m_setting.foreign[name] = false;
        const bool excused = share <= cap || !proxy.answers() || (!owned && m_setting.foreign[name]);
        BootTime& since = account.aboveSince.try_emplace(name, m_setting.now()).first->second;
        if (excused) since = m_setting.now();
        if (m_setting.now() - since < kCorrection || !drivenFor(account, kTakeOver)) continue;
        const char* which = owned ? (rollout->phase == Phase::RollingBack ? "L2" : "S2") : "S22";
        m_setting.fail(which, fmt::format("{} sends {} of 10000 to the canary, allowed are {}", name, share, cap));
    }
}

void Invariants::S3_oneDriver(const TargetId& target)
{
    const bool robbed = m_setting.stolenAt && m_setting.now() - *m_setting.stolenAt < kUntilFenced;
    if (robbed) return;
    int drivers = 0;
    for (const Life* life : m_setting.living()) {
        if (life->frozen()) continue;
        const auto picture = life->engine->core.latest();
        const auto* view = picture->liveOn(target);
        const bool claims =
            view != nullptr && view->drivenHere && picture->engine.role == engine::EngineStatus::Role::Driver;
        if (claims && picture->engine.renewedAgo < engine::kSelfStop) ++drivers;
    }
    if (drivers > 1) m_setting.fail("S3", fmt::format("{} engines drive {}", drivers, target.value));
}

/// The live state is the journal's, folded by somebody else.
void Invariants::S5_replay()
{
    for (const Life* life : m_setting.living()) {
        if (life->frozen()) continue;
        for (const auto& view : life->engine->core.latest()->rollouts) {
            if (!view->drivenHere) continue;
            const rollout::Rollout* stored = m_record.rollout(view->state.id);
            if (stored == nullptr || stored->version < view->state.version) {
                m_setting.fail("S6", fmt::format("{} is at v{} in {}, which is not in the journal",
                                                 view->state.id.value, view->state.version, life->name));
                continue;
            }
            const bool holder = m_setting.driver(view->state.target) == life;
            const bool equal = *stored == view->state;
            if (stored->version > view->state.version ? holder : !equal)
                m_setting.fail("S5",
                               fmt::format("{} v{} in {} is not what the journal folds to (v{})", view->state.id.value,
                                           view->state.version, life->name, stored->version));
        }
    }
}

/// Asked of the heart itself, without data: anybody may go to the safe state from everywhere users are exposed.
void Invariants::S11_wayBackIsOpen(const rollout::Rollout& rollout)
{
    if (m_asked[rollout.id] == rollout.version) return;
    m_asked[rollout.id] = rollout.version;
    const rollout::Asked asked{.command = rollout::EmergencyRollback{rollout.id, "what if"},
                               .actor = {},
                               .second = {},
                               .inboxId = {},
                               .latest = {}};
    const Now now{m_setting.wall(), m_setting.now()};
    const auto answer = rollout::decide(rollout, *playbook(), asked, now);
    if (!answer.ok()) {
        m_setting.fail("S11", "an emergency was refused: " + answer.error().detail);
        return;
    }
    rollout::Rollout after = rollout;
    for (const rollout::Event& event : answer.value())
        after = rollout::fold(std::move(after), {event, {}, now.wall, {}});
    if (!rollout::desired(after, *playbook(), m_setting.scenario.instances).safe)
        m_setting.fail("S11", "an emergency did not lead to the safe state");
}

/// A stop fired beside the journal is found, obeyed and recorded.
void Invariants::S16_stopIsObeyed(const TargetId& target, Account& account)
{
    const rollout::Rollout* rollout = m_record.newestOn(target);
    const bool open = rollout != nullptr && !rollout::isEnd(rollout->phase) && rollout->phase != Phase::RollingBack;
    if (!open || !m_setting.fleet.safety().stopped(target)) account.stopSince = m_setting.now();
    if (m_setting.now() - account.stopSince < kCorrection || !drivenFor(account, kTakeOver)) return;
    m_setting.fail("S16", "an emergency stop is in force and " + rollout->id.value + " goes on");
}

/// A plainly bad canary in front of users is never watched without acting, whatever the rollout is waiting for.
void Invariants::S21_guardrails(const TargetId& target, Account& account)
{
    const rollout::Rollout* rollout = m_record.newestOn(target);
    auto& service = m_setting.service(target);
    const bool bad = service.canaryBehaviour.errorRate >= kPlainlyBad && service.requestsPerSecond > 100;
    const bool serves = std::ranges::all_of(
        service.proxies, [](const auto& entry) { return entry.second.serves() && exposed(entry.second) >= 500; });
    const bool undecided = rollout != nullptr && rollout::hasExposure(*rollout) && rollout->phase != Phase::RollingBack;
    const bool seeable = m_setting.now() - account.freshSince > kNoticed && drivenFor(account, kTakeOver);
    if (!bad || !serves || !undecided || !seeable || service.canary.ready() == 0 || m_setting.store.full)
        account.badSince = m_setting.now();
    if (m_setting.now() - account.badSince < kNoticed) return;
    m_setting.fail("S21", fmt::format("a bad canary was watched for 14 s while {}",
                                      rollout == nullptr ? "" : rollout::phaseWords(rollout->phase)));
}

} // namespace sluice::simulation
