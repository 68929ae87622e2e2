// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluice-lab/release_witness.h"

#include <algorithm>
#include <cmath>
#include <future>
#include <memory>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/sluice-lab/share_probe.h"

namespace sluice::app::lab {

namespace {

constexpr Duration kAnswerLimit = std::chrono::seconds(10);
constexpr Duration kProbeLimit = std::chrono::seconds(30);
constexpr int kUsersNeeded = 10'000;     // distinct users that were really answered
constexpr double kTolerancePoints = 75;  // 0.75 percentage points, in 1/10,000
constexpr double kToleranceShare = 0.06; // or 6 % of what was asked, whichever is more

std::string clock(WallTime at)
{
    return wallText(at).substr(11, 8);
}

/// "health score 98.4, 5 of 5 requirements hold"
std::string evidenceText(const analysis::Assessment& seen)
{
    const std::string score = seen.score.milli
                                  ? fmt::format("health score {:.1f}", static_cast<double>(*seen.score.milli) / 1000)
                                  : std::string("no health score");
    const auto holding =
        std::ranges::count(seen.requirements, analysis::Verdict::Pass, &analysis::RequirementResult::verdict);
    return fmt::format("{}, {} of {} requirements hold", score, holding, seen.requirements.size());
}

} // namespace

Result<std::string> ReleaseWitness::ask(rollout::Command command, const rollout::Actor& actor)
{
    auto answer = std::make_shared<std::promise<Result<std::string>>>();
    auto future = answer->get_future();
    m_engine->submit(std::move(command), actor,
                     [answer](const Result<std::string>& result) { answer->set_value(result); });
    if (future.wait_for(kAnswerLimit) != std::future_status::ready)
        return Error{Fault::Unreachable, "The engine did not answer within 10 s."};
    return future.get();
}

bool ReleaseWitness::look(const RolloutId& id)
{
    const auto snapshot = m_engine->latest();
    const engine::RolloutView* view = snapshot->rollout(id);
    if (view == nullptr) return false;
    printLog(*view);
    if (rollout::isEnd(view->state.phase)) return true;
    printWait(*view);
    tickPreItems(*view);
    approve(*view);
    measure(*view);
    return false;
}

void ReleaseWitness::printLog(const engine::RolloutView& view)
{
    for (const engine::LogLine& line : view.log) {
        if (line.version <= m_printed) continue;
        m_printed = line.version;
        if (line.name == "bake_credited" || line.name == "watch_credited") continue;
        fmt::print("{}  {}{}\n", clock(line.at), line.text,
                   line.by.value == "engine" ? std::string() : fmt::format("  [{}]", line.by.value));
    }
    std::fflush(stdout);
}

void ReleaseWitness::printWait(const engine::RolloutView& view)
{
    const auto open = std::ranges::find(view.waits, false, &rollout::WaitReason::holds);
    if (open == view.waits.end()) return;
    // One line per kind of wait: numbers move every second.
    const std::string key =
        std::to_string(static_cast<int>(open->code)) + open->subject + std::to_string(view.state.stage);
    if (key == m_wait) return;
    m_wait = key;
    fmt::print("          waits: {}\n", rollout::waitText(*open));
    std::fflush(stdout);
}

void ReleaseWitness::tickPreItems(const engine::RolloutView& view)
{
    if (!view.playbook) return;
    for (const auto* list :
         {&view.playbook->checklists.pre, &view.playbook->checklists.during, &view.playbook->checklists.post}) {
        for (const ChecklistItem& item : *list) {
            if (view.state.ticked.contains(item.id) || !m_ticked.insert(item.id).second) continue;
            const auto done = ask(
                rollout::TickItem{
                    .rollout = view.state.id, .item = item.id, .ticked = true, .note = "seen by the lab's person"},
                m_person);
            if (!done.ok()) m_ticked.erase(item.id); // not its turn yet: tried again at the next look
        }
        if (view.state.phase == rollout::Phase::Preparing) return;
    }
}

void ReleaseWitness::approve(const engine::RolloutView& view)
{
    if (!view.state.approval) return;
    const rollout::ApprovalRound& round = *view.state.approval;
    for (const rollout::GivenApproval& given : round.given) {
        auto& names = m_approvals[view.state.stage];
        const std::string name = fmt::format("{} ({})", given.person.value, given.role);
        if (std::ranges::find(names, name) == names.end()) names.push_back(name);
    }
    if (!m_approved.insert(round.digest).second) return;
    fmt::print("          evidence {}: {}\n", round.digest.substr(0, 12), evidenceText(view.assessment));
    const auto done =
        ask(rollout::Approve{.rollout = view.state.id, .digest = round.digest, .comment = "evidence looks healthy"},
            m_person);
    if (done.ok()) {
        auto& names = m_approvals[view.state.stage];
        const std::string name = fmt::format("{} ({})", m_person.person.value,
                                             m_person.roles.empty() ? std::string() : m_person.roles.front());
        if (names.empty()) names.push_back(name);
    } else {
        fmt::print("          not approved: {}\n", done.error().detail);
    }
}

void ReleaseWitness::measure(const engine::RolloutView& view)
{
    const int stage = view.state.stage;
    const auto index = static_cast<size_t>(stage);
    if (view.state.phase != rollout::Phase::Baking || m_shares.contains(stage)) return;
    if (index >= view.state.stages.size() || !view.state.stages[index].appliedAt) return;
    if (!canaryAnswers(m_ports)) return; // the proxies have not checked it yet
    const Weight asked = view.state.weight;
    const ShareProbe seen = probeShare(m_ports, m_users, kProbeLimit);
    const auto now = m_engine->latest();
    const engine::RolloutView* after = now->rollout(view.state.id);
    if (after == nullptr || after->state.weight != asked) return; // the split moved while we counted: not this stage's
    const double off = std::abs(seen.weight() - asked.perTenThousand());
    const double allowed = std::max(kTolerancePoints, kToleranceShare * asked.perTenThousand());
    const int answered = seen.users - seen.failed;
    const bool good = answered >= kUsersNeeded && seen.weight() > 0 && off <= allowed;
    m_shares[stage] = {asked, seen.weight(), answered, good};
    fmt::print("          share: asked {}, {} of {} users answered by the canary = {:.2f} %{}{}\n",
               percentText(asked.ppm()), seen.canary, answered, seen.weight() / 100, failuresText(seen),
               good ? "" : "  OUT OF TOLERANCE");
    std::fflush(stdout);
}

void ReleaseWitness::printStages(const engine::RolloutView& view) const
{
    fmt::print("\n{:<16} {:>7} {:>9} {:>7} {:>7} {:>9}  {}\n", "stage", "asked", "observed", "users", "score",
               "warnings", "approved by");
    for (size_t i = 0; i < view.state.stages.size(); ++i) {
        const rollout::StageRecord& record = view.state.stages[i];
        if (!record.appliedAt || !view.playbook || i >= view.playbook->stages.size()) continue;
        const Stage& stage = view.playbook->stages[i];
        const auto share = m_shares.find(static_cast<int>(i));
        const auto approvals = m_approvals.find(static_cast<int>(i));
        std::string names;
        if (approvals != m_approvals.end())
            for (const std::string& name : approvals->second)
                names += (names.empty() ? "" : ", ") + name;
        fmt::print("{:<16} {:>7} {:>9} {:>7} {:>7} {:>9}  {}\n", stage.name, percentText(stage.weight.ppm()),
                   share == m_shares.end() ? "-" : fmt::format("{:.2f} %", share->second.observed / 100),
                   share == m_shares.end() ? "-" : std::to_string(share->second.users),
                   record.scoreMilli ? fmt::format("{:.1f}", static_cast<double>(*record.scoreMilli) / 1000) : "-",
                   record.warnings, names.empty() ? "-" : names);
    }
}

int ReleaseWitness::printEnd(const engine::RolloutView& view) const
{
    const bool sharesGood = std::ranges::all_of(m_shares, [](const auto& entry) { return entry.second.good; });
    if (view.state.rollback) {
        const rollout::RollbackProgress& back = *view.state.rollback;
        const std::string stage = view.playbook && static_cast<size_t>(back.stage) < view.playbook->stages.size()
                                      ? view.playbook->stages[static_cast<size_t>(back.stage)].name
                                      : "?";
        fmt::print("\nrolled back to {} in stage {}: {}\n", back.toVersion, stage, back.because);
        if (!back.trigger.empty()) fmt::print("trigger: {}\n", back.trigger);
        if (back.badSince != WallTime{})
            fmt::print("detection: {} from the first sample beyond the limit to the decision\n",
                       durationText(back.decidedAt - back.badSince));
        if (back.quietAfter) fmt::print("decision to quiet: {}\n", durationText(*back.quietAfter));
        if (back.verifiedAfter)
            fmt::print("decision to verified zero: {} ms{}{}\n", back.verifiedAfter->count() / 1000,
                       back.unreachable.empty() ? "" : "; out of reach: ", fmt::join(back.unreachable, ", "));
        return 1;
    }
    fmt::print("\n{} is {}; shares {}\n", view.state.toVersion, rollout::phaseName(view.state.phase),
               sharesGood ? "all within tolerance" : "OUT OF TOLERANCE");
    return view.state.phase == rollout::Phase::Stable && sharesGood ? 0 : 1;
}

int ReleaseWitness::report(const RolloutId& id)
{
    const auto snapshot = m_engine->latest();
    const engine::RolloutView* view = snapshot->rollout(id);
    if (view == nullptr) return 4;
    printLog(*view);
    printStages(*view);
    return printEnd(*view);
}

} // namespace sluice::app::lab
