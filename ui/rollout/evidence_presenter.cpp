// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/evidence_presenter.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "ui/rollout/gate_words.h"
#include "ui/rollout/phase_words.h"

namespace sluice::ui {

namespace {

using rollout::Move;
using Cell = FactTableData::Cell;

/// A requirement as it stood when the evidence was taken.
struct Fact {
    std::string metric{};
    std::optional<int64_t> stable{};
    std::optional<int64_t> canary{};
    std::optional<int64_t> limit{};
    analysis::Verdict verdict{analysis::Verdict::NoData};
    bool warning{false};
};

struct Facts {
    std::vector<Fact> requirements{};
    std::optional<int64_t> scoreMilli{};
    std::optional<int64_t> sharePpm{};
};

std::optional<int64_t> number(const QJsonValue& value)
{
    return value.isDouble() ? std::optional<int64_t>(value.toInteger()) : std::nullopt;
}

analysis::Verdict verdictOf(const QJsonArray& verdicts, const QJsonValue& metric)
{
    for (const QJsonValue& entry : verdicts) {
        if (entry[QLatin1String("metric")] != metric) continue;
        const QString verdict = entry[QLatin1String("verdict")].toString();
        if (verdict == QLatin1String("pass")) return analysis::Verdict::Pass;
        if (verdict == QLatin1String("fail")) return analysis::Verdict::Fail;
    }
    return analysis::Verdict::NoData;
}

/// The frozen evidence that the digest stands for; the live numbers where there is none (a plain promotion).
Facts factsOf(const RolloutMoment& moment)
{
    Facts out;
    const auto& approval = moment.state().approval;
    const QJsonObject root =
        QJsonDocument::fromJson(QByteArray::fromStdString(approval ? approval->evidence : "")).object();
    const QJsonObject shown = root[QLatin1String("shown")].toObject();
    if (shown.isEmpty()) {
        for (const auto& result : moment.view.assessment.requirements) {
            const auto* reading = moment.view.assessment.reading(result.metric);
            out.requirements.push_back({result.metric, reading != nullptr ? reading->stable : std::nullopt,
                                        result.observed, result.limit, result.verdict, result.warning});
        }
        out.scoreMilli = moment.view.assessment.score.milli;
        out.sharePpm = moment.view.world.observedSharePpm;
        return out;
    }
    const QJsonArray verdicts = root[QLatin1String("class")][QLatin1String("verdicts")].toArray();
    for (const QJsonValue& entry : shown[QLatin1String("requirements")].toArray())
        out.requirements.push_back(
            {entry[QLatin1String("metric")].toString().toStdString(), number(entry[QLatin1String("stable")]),
             number(entry[QLatin1String("observed")]), number(entry[QLatin1String("limit")]),
             verdictOf(verdicts, entry[QLatin1String("metric")]), entry[QLatin1String("warning")].toBool()});
    out.scoreMilli = number(shown[QLatin1String("score")][QLatin1String("milli")]);
    out.sharePpm = number(shown[QLatin1String("share_ppm")]);
    return out;
}

Cell verdictCell(const Fact& fact)
{
    if (fact.verdict == analysis::Verdict::NoData) return {EvidencePresenter::tr("▲ no data"), Tone::Warning};
    if (fact.verdict == analysis::Verdict::Fail) return {EvidencePresenter::tr("◆ beyond its limit"), Tone::Critical};
    if (fact.warning) return {EvidencePresenter::tr("▲ in its warning band"), Tone::Warning};
    return {EvidencePresenter::tr("✓ within its limit"), Tone::Ok};
}

/// The share is counted over so long (rollout::World): before the stage has run for it, an earlier stage is in it.
constexpr Duration kShareWindow = std::chrono::seconds(10);

bool isSettled(const RolloutMoment& moment)
{
    const rollout::Rollout& state = moment.state();
    const auto at = static_cast<size_t>(std::max(0, state.stage));
    if (at >= state.stages.size() || !state.stages[at].appliedAt) return false;
    const WallTime counted = state.approval ? state.approval->askedAt : moment.snapshot.now.wall;
    return counted - *state.stages[at].appliedAt > kShareWindow;
}

/// As the acceptance of the product measures it, three quarters of a point or 6 % of the asked share, and what chance
/// does to a share of so many requests: three standard errors, each sqrt(p (1 - p) / n).
bool isAsAsked(int64_t seenPpm, int64_t askedPpm, int64_t requests)
{
    const double p = static_cast<double>(askedPpm) / kMillion;
    const double chance = requests > 0 ? 3 * std::sqrt(p * (1 - p) / static_cast<double>(requests)) : 0;
    const int64_t tolerance = std::max<int64_t>(7'500, askedPpm * 6 / 100) + std::llround(chance * kMillion);
    return std::abs(seenPpm - askedPpm) <= tolerance;
}

Cell shareCell(int64_t seenPpm, const RolloutMoment& moment)
{
    const bool asAsked = isAsAsked(seenPpm, moment.state().weight.ppm(), moment.view.world.observedRequests);
    if (asAsked) return {EvidencePresenter::tr("✓ as asked"), Tone::Ok};
    if (!isSettled(moment)) return {EvidencePresenter::tr("◌ too early to say"), Tone::Second};
    return {EvidencePresenter::tr("▲ not as asked"), Tone::Warning};
}

void addShare(FactTableData& table, const Facts& facts, const RolloutMoment& moment)
{
    if (!facts.sharePpm) return;
    table.rows.append({{EvidencePresenter::tr("Traffic share")},
                       {shareText(kMillion - *facts.sharePpm, moment.formats)},
                       {shareText(*facts.sharePpm, moment.formats)},
                       {weightText(moment.state().weight, moment.formats)},
                       shareCell(*facts.sharePpm, moment)});
}

void addScore(FactTableData& table, const Facts& facts, const RolloutMoment& moment)
{
    if (!moment.view.playbook || moment.view.playbook->score.parts.empty()) return;
    const int64_t proceed = moment.view.playbook->score.proceedMilli;
    const bool goes = facts.scoreMilli && *facts.scoreMilli >= proceed;
    table.rows.append({{EvidencePresenter::tr("Health score")},
                       {dash()},
                       {scoreText(facts.scoreMilli)},
                       {QStringLiteral("≥ ") + QString::number(proceed / 1000)},
                       goes ? Cell{EvidencePresenter::tr("✓ proceed"), Tone::Ok}
                            : Cell{EvidencePresenter::tr("▲ a person decides"), Tone::Warning}});
}

FactTableData factTable(const RolloutMoment& moment)
{
    const Facts facts = factsOf(moment);
    FactTableData table;
    table.columns = {
        {EvidencePresenter::tr("Evidence at %1").arg(weightText(moment.state().weight, moment.formats)), false, false},
        {EvidencePresenter::tr("Stable"), true, false},
        {EvidencePresenter::tr("Canary"), true, false},
        {EvidencePresenter::tr("Limit"), true, false},
        {EvidencePresenter::tr("Verdict"), false, true}};
    for (const Fact& fact : facts.requirements) {
        const Metric* metric = moment.view.playbook ? moment.view.playbook->metric(fact.metric) : nullptr;
        const Unit unit = metric == nullptr ? Unit::Plain : metric->unit;
        const QString limit = fact.limit ? valueText(*fact.limit, unit, moment.formats, Digits::Trimmed) : dash();
        table.rows.append({{RolloutPresenter::metricTitle(moment, fact.metric)},
                           {valueText(fact.stable, unit, moment.formats)},
                           {valueText(fact.canary, unit, moment.formats)},
                           {limit},
                           verdictCell(fact)});
    }
    addShare(table, facts, moment);
    addScore(table, facts, moment);
    return table;
}

/// Requirements on metrics stand in the table with their numbers.
bool isRow(const rollout::WaitReason& reason, const RolloutMoment& moment)
{
    const bool requirement =
        reason.code == rollout::WaitCode::RequirementFailing || reason.code == rollout::WaitCode::RequirementNoData;
    return requirement && moment.view.playbook && moment.view.playbook->metric(reason.subject) != nullptr;
}

QList<EvidenceData::Check> checks(const RolloutMoment& moment)
{
    QList<EvidenceData::Check> out;
    out.append({EvidencePresenter::tr("✓ Rollback path checked %1")
                    .arg(agoText(moment.snapshot.engine.rollbackCheckedAgo, moment.formats)),
                Tone::Ok});
    for (const rollout::WaitReason& reason : moment.view.waits) {
        // Approvals have their own line, and the score its own row.
        if (reason.code == rollout::WaitCode::ApprovalMissing || reason.code == rollout::WaitCode::ScoreBelowProceed)
            continue;
        if (reason.holds && isRow(reason, moment)) continue;
        const GateWords words = gateWords(reason, moment);
        out.append({words.mark.isEmpty() ? words.brief : words.mark + QLatin1Char(' ') + words.brief, words.tone});
    }
    return out;
}

QString needs(const RolloutMoment& moment)
{
    const Stage* stage = moment.stage();
    const auto& approval = moment.state().approval;
    if (stage == nullptr || !approval) return {};
    const ApprovalRule& rule = stage->approve;
    const auto given = approval->given.size();
    QStringList names;
    for (const auto& yes : approval->given)
        names << text(yes.person.value);
    QString out = EvidencePresenter::tr("Approvals needed: %1, from %2.")
                      .arg(rule.count)
                      .arg(RolloutPresenter::roles(rule.roles));
    if (rule.fourEyes)
        out = EvidencePresenter::tr("%1 Not the author (%2).").arg(out, text(moment.state().startedBy.value));
    if (given == 0) return EvidencePresenter::tr("%1 None given yet.").arg(out);
    return EvidencePresenter::tr("%1 Given so far: %2.").arg(out, names.join(QStringLiteral(", ")));
}

} // namespace

MoveWords EvidencePresenter::mayApprove(const RolloutMoment& moment, std::string* role)
{
    const MoveWords legal = RolloutPresenter::move(moment, Move::Approve);
    if (!legal.allowed) return legal;
    const Stage* stage = moment.stage();
    const ApprovalRule rule = stage != nullptr ? stage->approve : ApprovalRule{};
    const auto holds = [&moment](const std::string& name) { return std::ranges::count(moment.me.roles, name) > 0; };
    const auto fitting = std::ranges::find_if(rule.roles, holds);
    if (!rule.roles.empty() && fitting == rule.roles.end())
        return {false, tr("Only %1 may approve this stage.").arg(RolloutPresenter::roles(rule.roles))};
    if (!rule.roles.empty())
        *role = *fitting;
    else if (!moment.me.roles.empty())
        *role = moment.me.roles.front();
    if (rule.fourEyes && moment.me.person == moment.state().startedBy)
        return {false, tr("You started this rollout, so somebody else must approve it.")};
    const auto& approval = moment.state().approval;
    const bool already = approval && std::ranges::any_of(approval->given, [&moment](const auto& yes) {
                             return yes.person == moment.me.person;
                         });
    if (already) return {false, tr("You have approved already.")};
    return {true, {}};
}

EvidenceData EvidencePresenter::evidence(const RolloutMoment& moment)
{
    const rollout::Rollout& state = moment.state();
    const qsizetype all = moment.view.playbook ? static_cast<qsizetype>(moment.view.playbook->stages.size()) : 0;
    EvidenceData out{.asksApproval = state.approval.has_value()};
    const QString act = RolloutPresenter::promoteWords(moment);
    out.title = tr("%1?").arg(act);
    if (const Stage* next = moment.nextStage()) {
        out.corner = tr("stage %1 of %2").arg(next - moment.view.playbook->stages.data() + 1).arg(all);
        out.intro = tr("%1 → %2 in %3. %4 of the users will get the new version; the stage bakes for %5.")
                        .arg(text(state.fromVersion), text(state.toVersion), text(moment.view.environment),
                             weightText(next->weight, moment.formats), lengthText(next->bake, moment.formats));
    } else {
        out.intro = tr("%1 → %2 in %3. After the watch it becomes the stable version.")
                        .arg(text(state.fromVersion), text(state.toVersion), text(moment.view.environment));
    }
    out.facts = factTable(moment);
    out.checks = checks(moment);
    out.needs = needs(moment);
    out.mayReject = RolloutPresenter::move(moment, Move::Reject);
    if (!out.asksApproval) {
        out.accept = act;
        out.prompt = tr("Anything to note? (kept in the audit log)");
        out.mayAccept = RolloutPresenter::move(moment, Move::Promote);
        return out;
    }
    std::string role;
    out.mayAccept = mayApprove(moment, &role);
    out.accept = role.empty() ? tr("Approve") : tr("Approve as %1").arg(roleText(role));
    out.prompt = tr("Why is it safe to go on? (kept in the audit log)");
    out.digest = text(state.approval->digest);
    return out;
}

} // namespace sluice::ui
