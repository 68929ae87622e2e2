// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <sstream>

#include <QtTest>
#include <rapidcheck.h>

#include "core/rollout/ask_target.h"
#include "tests/core/rollout/stand.h"

// Random words of commands and ticks (up to 60 letters) against the invariants of the reliability model: what must
// hold in every state that any history can lead to.

using namespace sluice;
using namespace sluice::rollout_test;

namespace {

constexpr int kLongestWord = 60;

enum class Kind { Command, Fatal, Disturb, Heal, Ticks };

/// A letter: what happens next; `which` chooses among its kind and `shade` varies it.
struct Letter {
    Kind kind{Kind::Ticks};
    int which{0};
    int shade{0};
};

std::ostream& operator<<(std::ostream& out, const Letter& letter)
{
    return out << static_cast<int>(letter.kind) << "/" << letter.which << "/" << letter.shade;
}

const Actor kAna = person("ana", {"release-manager"});
const Actor kLead = person("lead", {"engineering-lead"});
const Actor kMia = person("mia", {"release-manager"});
const Actor kBo = person("bo", {"qa"});

Playbook book(int shade)
{
    Playbook plan = plainPlaybook();
    plan.score.parts = {{.id = "errors", .weightPpm = 1'000'000}};
    plan.triggers[0].action = static_cast<FailureAction>(shade % 5);
    plan.triggers.push_back({.id = "p95-2", .when = {.metric = "p95", .limit = 1'200'000}});
    plan.stages[1].approve = {.when = static_cast<ApproveWhen>(shade % 3), .count = 1 + shade % 2};
    plan.stages[1].onFailure = static_cast<FailureAction>((shade / 5) % 5);
    plan.stages[2].minRequests = shade % 4 == 0 ? 100 : 0;
    plan.stages[1].overrun = {.longest = 20min, .action = static_cast<FailureAction>((shade / 3) % 5)};
    plan.advanceManually = shade % 7 == 0;
    plan.watch.length = shade % 2 == 0 ? 5min : 0min;
    if (shade % 3 == 0) plan.checklists = {.pre = {{"a", "A"}}, .during = {{"b", "B"}}, .post = {{"c", "C"}}};
    if (shade % 4 == 1) plan.stages[2].replicas = {Replicas::Kind::Count, 7};
    return plan;
}

/// Acts that leave the rollout running.
Command commandOf(int which, int shade)
{
    const bool force = shade % 4 == 0;
    const std::string reason = shade % 3 == 0 ? "" : "because";
    switch (which % 11) {
    case 0: return Approve{};
    case 1: return Pause{.reason = reason};
    case 2: return Resume{};
    case 3: return Promote{.force = force, .reason = reason, .second = PersonId("lead")};
    case 4: return StepBack{};
    case 5: return Ramp{.weight = percent(shade % 101), .force = force, .reason = reason, .second = PersonId("lead")};
    case 6: return TickItem{.item = std::string(1, static_cast<char>('a' + shade % 3)), .ticked = shade % 5 != 0};
    case 7: return HandOver{.to = PersonId("bo")};
    case 8: return Comment{.text = "word"};
    case 9: return RetryStep{};
    default: return SkipStep{.reason = reason};
    }
}

/// Acts that end it.
Command fatalOf(int which, int shade)
{
    const std::string reason = shade % 3 == 0 ? "" : "because";
    switch (which % 4) {
    case 0: return Reject{.reason = reason};
    case 1: return Cancel{.reason = reason};
    case 2: return RollBack{.reason = reason};
    default: return EmergencyRollback{};
    }
}

/// The world and the data of the next ticks.
void disturb(Stand& stand, int which, int shade)
{
    switch (which % 14) {
    case 0: stand.data.freshness = static_cast<Freshness>(shade % 3); break;
    case 1: stand.requirement("p95", static_cast<Verdict>(shade % 3), shade % 2 == 0); break;
    case 2: stand.trigger("error_rate-1", static_cast<TriggerState>(shade % 5)); break;
    case 3: stand.trigger("p95-2", static_cast<TriggerState>(shade % 4 == 0 ? 2 : 0)); break;
    case 4:
        stand.score(shade % 3 == 0 ? 65'000 : 85'000, static_cast<Band>(shade % 5), static_cast<Band>(shade % 4));
        break;
    case 5: stand.proxiesFollow = shade % 3 != 0; break;
    case 6: stand.canaryFollows = shade % 3 != 0; break;
    case 7: stand.stableFollows = shade % 3 != 0; break;
    case 8: stand.world.proxies[0].state = ProxyFact::State::Unreachable; break;
    case 9: stand.world.proxies[0].state = ProxyFact::State::Unknown; break;
    case 10: stand.world.criticalAlert = shade % 2 == 0; break;
    case 11: stand.data.canaryRequestsInStage = shade * 3; break;
    case 12: stand.world.canary.problem = shade % 2 == 0 ? "exit 1" : ""; break;
    case 13: stand.baselineReady = shade % 2 == 0; break;
    default: break;
    }
}

/// Everything is as it should be again.
void heal(Stand& stand)
{
    stand.data.freshness = Freshness::Fresh;
    stand.requirement("p95", Verdict::Pass);
    stand.trigger("error_rate-1", TriggerState::Idle);
    stand.trigger("p95-2", TriggerState::Idle);
    stand.score(95'000, Band::Proceed);
    stand.proxiesFollow = stand.canaryFollows = stand.stableFollows = true;
    for (ProxyFact& proxy : stand.world.proxies)
        proxy.state = ProxyFact::State::Verified;
    stand.world.criticalAlert = false;
    stand.world.canary.problem.clear();
    stand.data.canaryRequestsInStage = 500;
    stand.baselineReady = true;
}

void apply(Stand& stand, const Letter& letter)
{
    const Actor& who = letter.shade % 3 == 0 ? kAna : letter.shade % 3 == 1 ? kLead : kBo;
    const Actor& second = letter.shade % 5 == 0 ? kAna : kLead;
    switch (letter.kind) {
    case Kind::Command: (void)stand.ask(commandOf(letter.which, letter.shade), who, second); return;
    case Kind::Fatal: (void)stand.ask(fatalOf(letter.which, letter.shade), who, second); return;
    case Kind::Disturb: disturb(stand, letter.which, letter.shade); return;
    case Kind::Heal: heal(stand); return;
    case Kind::Ticks: stand.run(std::chrono::seconds(1 + letter.shade)); return;
    }
}

rc::Gen<std::vector<Letter>> words()
{
    const auto kind = rc::gen::weightedElement<Kind>(
        {{24, Kind::Command}, {1, Kind::Fatal}, {12, Kind::Disturb}, {12, Kind::Heal}, {50, Kind::Ticks}});
    const auto letter = rc::gen::build<Letter>(rc::gen::set(&Letter::kind, kind),
                                               rc::gen::set(&Letter::which, rc::gen::inRange(0, 14 * 11)),
                                               rc::gen::set(&Letter::shade, rc::gen::inRange(0, 100)));
    return rc::gen::mapcat(rc::gen::inRange(1, kLongestWord + 1), [letter](int length) {
        return rc::gen::container<std::vector<Letter>>(static_cast<size_t>(length), letter);
    });
}

/// Some way into the release with everything well, so that the late phases are met as often as the early ones.
void goOn(Stand& stand, int seconds)
{
    heal(stand);
    for (const char* item : {"a", "b", "c"})
        (void)stand.ask(TickItem{.item = item}, kBo);
    for (int second = 0; second < seconds; ++second) {
        stand.tick();
        if (stand.phase() == Phase::AwaitingApproval) (void)stand.ask(Approve{}, second % 2 == 0 ? kLead : kMia);
        if (stand.playbook().advanceManually) (void)stand.ask(Promote{}, kBo);
    }
}

/// Walks one random word and asks `holds` after every letter.
bool always(const std::string& what, const std::function<void(Stand&)>& prepare,
            const std::function<void(Stand&)>& holds)
{
    return rc::check(what, [&] {
        Stand stand(book(*rc::gen::inRange(0, 420)));
        prepare(stand);
        goOn(stand, *rc::gen::weightedOneOf<int>({{1, rc::gen::just(0)}, {4, rc::gen::inRange(0, 560)}}));
        for (const Letter& letter : *words()) {
            apply(stand, letter);
            holds(stand);
        }
        RC_TAG(std::string(phaseName(stand.phase())));
    });
}

void nothing(Stand&) {}

} // namespace

class PropertyTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        // The same words in every run; RC_PARAMS="max_success=100000" (and another seed) searches further.
        if (!qEnvironmentVariableIsSet("RC_PARAMS")) qputenv("RC_PARAMS", "seed=20 max_success=200");
    }

    void s2TheWeightNeverExceedsWhatWasApproved()
    {
        QVERIFY(always("S2", nothing, [](Stand& stand) {
            RC_ASSERT(stand.state().weight <= stand.state().cap);
            const Weight asked = stand.wanted().weight;
            RC_ASSERT((stand.wanted().safe ? asked == Weight::none() : asked <= stand.state().cap));
        }));
    }

    void s2OnlyAStageOrAForcedActRaisesTheCap()
    {
        const auto watch = [](Stand& stand) {
            stand.afterFold = [&stand](const Rollout& before, const Decided& decided) {
                if (stand.state().cap <= before.cap) return;
                const auto* entered = std::get_if<StageEntered>(&decided.event);
                const auto* ramped = std::get_if<WeightRamped>(&decided.event);
                RC_ASSERT(entered != nullptr || (ramped != nullptr && ramped->forced && !ramped->second.empty()));
                RC_ASSERT((entered == nullptr || entered->stage == (before.admitted ? before.stage + 1 : 0)));
            };
        };
        QVERIFY(always("S2 cap", watch, nothing));
    }

    void s4NothingAdvancesOnMissingData()
    {
        const auto watch = [](Stand& stand) {
            stand.afterFold = [&stand](const Rollout&, const Decided& decided) {
                const auto* passed = std::get_if<StagePassed>(&decided.event);
                if (passed == nullptr || passed->forced) return;
                RC_ASSERT(stand.data.freshness == Freshness::Fresh);
                for (const auto& result : stand.data.requirements)
                    RC_ASSERT(result.verdict == Verdict::Pass);
            };
        };
        QVERIFY(always("S4", watch, nothing));
    }

    void s4MissingDataNeverRollsBack()
    {
        const auto watch = [](Stand& stand) {
            stand.afterFold = [&stand](const Rollout&, const Decided& decided) {
                const auto* started = std::get_if<RollbackStarted>(&decided.event);
                if (started == nullptr || stand.data.freshness != Freshness::NoData) return;
                const RollbackCause cause = started->plan.cause;
                RC_ASSERT(cause != RollbackCause::Trigger && cause != RollbackCause::Score &&
                          cause != RollbackCause::Requirement);
            };
        };
        QVERIFY(always("S4 hold", watch, nothing));
    }

    void s10AFiringHardTriggerEndsExposureInItsTick()
    {
        QVERIFY(always("S10", nothing, [](Stand& stand) {
            if (!hasExposure(stand.state()) || stand.data.freshness == Freshness::NoData) return;
            Stand copy = stand;
            copy.trigger("p95-2", TriggerState::Firing);
            copy.tick();
            RC_ASSERT(copy.state().rollback.has_value());
            RC_ASSERT(copy.state().weight == Weight::none());
        }));
    }

    void s11TheSafeDirectionIsAlwaysOpenForEverybody()
    {
        QVERIFY(always("S11", nothing, [](Stand& stand) {
            if (!hasExposure(stand.state())) return;
            Stand copy = stand;
            RC_ASSERT(!copy.ask(EmergencyRollback{}, kNobody).has_value());
            RC_ASSERT(copy.phase() == Phase::RollingBack);
            RC_ASSERT(copy.wanted().safe);
            RC_ASSERT(copy.count<RollbackStarted>() == 1);
        }));
    }

    void s12CreditNeverExceedsObservedTime()
    {
        QVERIFY(always("S12", nothing, [](Stand& stand) {
            Duration credited{0};
            for (const Decided& one : stand.log()) {
                if (const auto* bake = std::get_if<BakeCredited>(&one.event)) credited += bake->credit;
                if (const auto* watched = std::get_if<WatchCredited>(&one.event)) credited += watched->credit;
            }
            RC_ASSERT(credited <= stand.observedEver);
        }));
    }

    void s9EveryChangeOfTheRouteIsANewGeneration()
    {
        const auto watch = [](Stand& stand) {
            stand.afterFold = [&stand](const Rollout& before, const Decided&) {
                const Desired was = desired(before, stand.playbook(), 10);
                const Desired is = stand.wanted();
                RC_ASSERT(is.generation >= was.generation);
                const bool sameRoute = was.safe == is.safe && was.weight == is.weight;
                RC_ASSERT(sameRoute || is.generation > was.generation);
            };
        };
        QVERIFY(always("S9", watch, nothing));
    }

    void s15CapacityIsThereBeforeTrafficAndGoesAfterIt()
    {
        const auto watch = [](Stand& stand) {
            stand.afterFold = [&stand](const Rollout& before, const Decided& decided) {
                const auto* entered = std::get_if<StageEntered>(&decided.event);
                if (entered) {
                    const int needed = canaryInstancesFor(stand.playbook(), entered->stage, 10);
                    RC_ASSERT(stand.world.canary.ready >= needed);
                }
                const int was = desired(before, stand.playbook(), 10).canaryInstances;
                const bool stops = was > 0 && stand.wanted().canaryInstances == 0;
                if (!stops) return;
                const bool cancelled = std::holds_alternative<RolloutCancelled>(decided.event);
                const bool quiet = std::holds_alternative<TrafficQuiet>(decided.event);
                const bool split = std::holds_alternative<StepChanged>(decided.event);
                RC_ASSERT(cancelled || quiet || split);
            };
        };
        QVERIFY(always("S15", watch, nothing));
    }

    void s14WhoStartedNeverApprovesAndAPersonCountsOnce()
    {
        QVERIFY(always("S14", nothing, [](Stand& stand) {
            if (!stand.state().approval) return;
            std::vector<PersonId> people;
            for (const GivenApproval& one : stand.state().approval->given) {
                RC_ASSERT(one.person != stand.state().startedBy);
                RC_ASSERT(one.digest == stand.state().approval->digest);
                RC_ASSERT(std::ranges::count(people, one.person) == 0);
                people.push_back(one.person);
            }
        }));
    }

    void s5ReplayGivesTheLiveState()
    {
        QVERIFY(always("S5", nothing, [](Stand& stand) {
            Rollout again{.id = RolloutId("r-1")};
            for (const Decided& one : stand.log())
                again = fold(std::move(again), one);
            RC_ASSERT(again == stand.state());
            RC_ASSERT(again.version == static_cast<int64_t>(stand.log().size()));
        }));
    }

    void noStateIsADeadEnd()
    {
        QVERIFY(always("no dead end", nothing, [](Stand& stand) {
            if (isEnd(stand.phase())) {
                RC_ASSERT(stand.waits().empty());
                return;
            }
            const auto waits = stand.waits();
            RC_ASSERT((!waits.empty() && !waits.front().holds));
            for (const WaitReason& wait : waits)
                RC_ASSERT(!waitText(wait).empty());
            const auto moves = legalMoves(stand.state(), stand.playbook(), stand.latest());
            const bool act = std::ranges::any_of(moves, [](const MoveState& one) {
                return one.legal && one.move != Move::Comment && one.move != Move::HandOver;
            });
            RC_ASSERT(act);
        }));
    }

    void aWorldThatHealsBringsEveryRollbackToItsEnd()
    {
        QVERIFY(always("L2", nothing, [](Stand& stand) {
            if (stand.phase() != Phase::RollingBack) return;
            Stand copy = stand;
            heal(copy);
            RC_ASSERT(copy.reach(Phase::RolledBack, 60s));
        }));
    }
};

QTEST_APPLESS_MAIN(PropertyTest)
#include "property_test.moc"
