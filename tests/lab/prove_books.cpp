// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/lab/prove_books.h"

#include <algorithm>
#include <optional>
#include <set>
#include <variant>

#include <QTest>
#include <fmt/format.h>

#include "core/engine/stored_events.h"

namespace sluice::app::lab {

namespace {

/// Clocks of two processes of this machine, and the tick in which a stage was applied.
constexpr Duration kSlack = std::chrono::milliseconds(300);

/// What was credited since the share was last in place, and since when.
struct Bake {
    std::optional<WallTime> appliedAt{};
    Duration credited{0};
};

/// From `from` until `to` no engine drove.
struct Absence {
    WallTime from{};
    WallTime to{};
};

std::vector<Absence> absencesOf(const std::vector<Fact>& facts, const std::vector<WallTime>& kills)
{
    std::vector<Absence> absences;
    for (const WallTime kill : kills) {
        const auto back = std::ranges::find_if(facts, [&](const Fact& fact) {
            return fact.at > kill && std::holds_alternative<rollout::DriverChanged>(fact.event);
        });
        // Killed again before it drove: still the same absence.
        const bool known = back != facts.end() && !absences.empty() && absences.back().to == back->at;
        if (back != facts.end() && !known) absences.push_back({kill, back->at});
    }
    return absences;
}

Duration alive(WallTime from, WallTime to, const std::vector<Absence>& absences)
{
    Duration length = to - from;
    for (const Absence& gap : absences) {
        const Duration lost = std::min(to, gap.to) - std::max(from, gap.from);
        length -= std::max(lost, Duration(0));
    }
    return length;
}

std::string tooShort(const std::string& what, Duration wanted, const Bake& bake, WallTime until,
                     const std::vector<Absence>& absences)
{
    if (bake.credited < wanted)
        return fmt::format("{} has {} ms of {} ms\n", what, bake.credited.count() / 1000, wanted.count() / 1000);
    if (!bake.appliedAt) return fmt::format("{} was never applied\n", what);
    const Duration seen = alive(*bake.appliedAt, until, absences);
    if (bake.credited <= seen + kSlack) return {};
    return fmt::format("{} was credited {} ms, but an engine was there for {} ms only\n", what,
                       bake.credited.count() / 1000, seen.count() / 1000);
}

std::optional<int> shareOf(const rollout::Event& event)
{
    if (const auto* entered = std::get_if<rollout::StageEntered>(&event)) return entered->weight.perTenThousand();
    if (const auto* back = std::get_if<rollout::SteppedBack>(&event)) return back->weight.perTenThousand();
    if (const auto* ramped = std::get_if<rollout::WeightRamped>(&event)) return ramped->weight.perTenThousand();
    const bool none = std::holds_alternative<rollout::RollbackStarted>(event) ||
                      std::holds_alternative<rollout::RolloutStarted>(event) ||
                      std::holds_alternative<rollout::MarkedStable>(event);
    return none ? std::optional<int>(0) : std::nullopt;
}

} // namespace

std::string bakeProblems(const std::vector<Fact>& facts, const RolloutId& id, const std::vector<WallTime>& kills)
{
    const std::vector<Absence> absences = absencesOf(facts, kills);
    std::string problems;
    std::shared_ptr<const Playbook> playbook;
    Bake bake;
    Bake watch;
    for (const Fact& fact : facts) {
        if (fact.rollout != id) continue;
        if (const auto* started = std::get_if<rollout::RolloutStarted>(&fact.event))
            playbook = engine::pinnedPlaybook(*started).value();
        if (std::holds_alternative<rollout::StageEntered>(fact.event)) bake = {};
        if (std::holds_alternative<rollout::StageApplied>(fact.event)) bake.appliedAt = fact.at;
        if (const auto* credit = std::get_if<rollout::BakeCredited>(&fact.event)) bake.credited += credit->credit;
        if (std::holds_alternative<rollout::WatchStarted>(fact.event)) watch = {.appliedAt = fact.at};
        if (const auto* credit = std::get_if<rollout::WatchCredited>(&fact.event)) watch.credited += credit->credit;
        if (const auto* passed = std::get_if<rollout::StagePassed>(&fact.event)) {
            const Stage& stage = playbook->stages.at(static_cast<size_t>(passed->stage));
            problems += tooShort("stage " + stage.name, stage.bake, bake, fact.at, absences);
        }
        if (std::holds_alternative<rollout::FinaliseStarted>(fact.event))
            problems += tooShort("the watch", playbook->watch.length, watch, fact.at, absences);
    }
    return problems;
}

std::string approvalProblems(const std::vector<Fact>& facts, const RolloutId& id)
{
    std::string problems;
    std::shared_ptr<const Playbook> playbook;
    std::set<std::string> requests;
    std::set<std::string> round;
    for (const Fact& fact : facts) {
        if (fact.rollout != id) continue;
        if (const auto* started = std::get_if<rollout::RolloutStarted>(&fact.event))
            playbook = engine::pinnedPlaybook(*started).value();
        const bool opens = std::holds_alternative<rollout::ApprovalRequested>(fact.event) ||
                           std::holds_alternative<rollout::ApprovalVoided>(fact.event);
        if (opens) round.clear();
        if (const auto* given = std::get_if<rollout::ApprovalGiven>(&fact.event)) {
            if (!round.insert(given->approval.person.value).second)
                problems += fmt::format("{} approved twice\n", given->approval.person.value);
            if (fact.inboxId.empty() || !requests.insert(fact.inboxId).second)
                problems += fmt::format("event {} answers no request of its own\n", fact.gseq);
        }
        if (const auto* passed = std::get_if<rollout::StagePassed>(&fact.event)) {
            const Stage& stage = playbook->stages.at(static_cast<size_t>(passed->stage));
            if (stage.approve.when == ApproveWhen::Always && round.empty())
                problems += fmt::format("stage {} passed without its approval\n", stage.name);
        }
    }
    return problems;
}

void nothingWrong(const std::string& problems)
{
    QVERIFY2(problems.empty(), problems.c_str());
}

void AllowedShare::take(const std::vector<Fact>& facts)
{
    for (; m_taken < facts.size(); ++m_taken)
        if (const auto share = shareOf(facts[m_taken].event)) m_since[facts[m_taken].at] = *share;
}

int AllowedShare::most(WallTime now) const
{
    int most = 0;
    for (auto it = m_since.begin(); it != m_since.end(); ++it) {
        const auto next = std::next(it);
        if (next == m_since.end() || next->first >= now - kLate) most = std::max(most, it->second);
    }
    return most;
}

} // namespace sluice::app::lab
