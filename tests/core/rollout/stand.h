// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/analysis/assessment.h"
#include "core/rollout/decide.h"

// A test stand for the heart: a rollout, a clock that only moves when told, and a world that does what is desired
// (with everything that can be turned off). It does what the engine does between decide and fold, and nothing else.

namespace sluice::rollout_test {

using namespace std::chrono_literals;
using namespace sluice::rollout;
using analysis::Band;
using analysis::Freshness;
using analysis::TriggerState;
using analysis::Verdict;

/// Three stages (1 %, 10 %, 100 %; 60 s bake each), one trigger (error_rate-1), one requirement (p95), no score, no
/// watch, no lists, no baseline: each test adds what it is about.
Playbook plainPlaybook();
Weight percent(int whole);

Actor person(const std::string& id, std::vector<std::string> roles = {});
inline const Actor kNobody{};

class Stand {
public:
    explicit Stand(Playbook playbook = plainPlaybook());

    // What the world and the data say; tests set these directly.
    bool proxiesFollow{true}; ///< proxies verify what is desired within the tick
    bool canaryFollows{true}; ///< instances start and stop as desired
    bool stableFollows{true}; ///< the stable pool takes the wanted version
    int stableInstances{10};
    analysis::Assessment data{}; ///< sampleTime is set by each tick
    Duration dataLag{0};         ///< the newest sample is older than the tick by this
    World world{};
    bool baselineReady{true};

    void requirement(std::string_view metric, Verdict verdict, bool warning = false);
    void trigger(std::string_view id, TriggerState state);
    void score(int64_t milli, Band band, Band held);
    void score(int64_t milli, Band band) { score(milli, band, band); }

    /// Time passes (in ticks of a second), the world follows, decisions are folded until nothing more is decided.
    void run(Duration length);
    void tick(Duration step = 1s);
    /// Ticks until the phase is reached; false after `atMost`.
    bool reach(Phase phase, Duration atMost = 20min);
    /// Baking in this stage.
    bool reachStage(int stage, Duration atMost = 60min);

    /// Asks and folds; the answer's error, or nothing when accepted.
    std::optional<Error> ask(Command command, const Actor& actor, std::optional<Actor> second = {});
    std::string refusal(Command command, const Actor& actor, std::optional<Actor> second = {});
    /// Folds an event as if it had been decided.
    void put(Event event);

    const Rollout& state() const { return m_state; }
    Phase phase() const { return m_state.phase; }
    const Playbook& playbook() const { return m_playbook; }
    const Tick& latest() const { return m_tick; }
    Now now() const { return m_now; }
    Desired wanted() const { return desired(m_state, m_playbook, stableInstances); }
    std::vector<WaitReason> waits() const { return waitReasons(m_state, m_playbook, m_tick, m_now); }
    /// The open reason with this code, or null.
    std::optional<WaitReason> waitsFor(WaitCode code) const;
    const std::vector<Decided>& log() const { return m_log; }
    template <class T>
    int count() const
    {
        int found = 0;
        for (const Decided& one : m_log)
            found += std::holds_alternative<T>(one.event) ? 1 : 0;
        return found;
    }
    template <class T>
    const T& last() const
    {
        const T* found = nullptr;
        for (const Decided& one : m_log) {
            if (const T* event = std::get_if<T>(&one.event)) found = event;
        }
        SLUICE_CHECK(found != nullptr);
        return *found;
    }
    /// Called after each fold with the state before it.
    std::function<void(const Rollout&, const Decided&)> afterFold{};
    /// All observed time ever given to the heart.
    Duration observedEver{0};

private:
    void follow(Duration step);
    void settle();
    void foldAll(const std::vector<Event>& events, const Actor& actor);

    Playbook m_playbook;
    Rollout m_state{};
    Tick m_tick{};
    Now m_now{};
    Duration m_carried{0};
    std::vector<Decided> m_log{};
};

} // namespace sluice::rollout_test
