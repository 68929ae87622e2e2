// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/history/decision_presenter.h"

#include <QCoreApplication>
#include <algorithm>
#include <variant>

#include "ui/history/evidence_table.h"
#include "ui/rollout/event_words.h"

namespace sluice::ui {

namespace {

using namespace rollout;

struct DecisionWords {
    Q_DECLARE_TR_FUNCTIONS(DecisionWords)
};

/// Fills what a kind of event has to say beyond its sentence. Numbers of stages count from one, as people do.
struct Detailer {
    Decision& out;
    const Playbook* playbook;
    const Formats& formats;

    void fact(const QString& what, const QString& value, bool mono = false) const
    {
        if (!value.isEmpty()) out.facts.rows.append({{what, Tone::Second}, {value, Tone::Text, mono}});
    }
    void hash(const QString& what, const std::string& hex) const
    {
        constexpr qsizetype kShown = 12;
        if (hex.empty()) return;
        const QString whole = text(hex);
        out.facts.rows.append({{what, Tone::Second}, {whole.left(kShown), Tone::Text, true, whole}});
    }
    void mark(Tone tone) const
    {
        out.tone = tone;
        out.mark = toneMark(tone);
    }
    void evidence(const std::string& json) const
    {
        const EvidenceRows rows = evidenceRows(json, playbook, formats);
        out.numbers = rows.table;
        out.note = rows.note;
    }
    QString instant(WallTime at) const
    {
        return QStringLiteral("%1 %2").arg(timeText(at, formats), zoneText(at, formats));
    }
    void proxies(int count, const std::vector<std::string>& unreachable) const
    {
        fact(DecisionWords::tr("Proxies"), QString::number(count));
        QStringList names;
        for (const std::string& name : unreachable)
            names << text(name);
        fact(DecisionWords::tr("Out of reach"), names.join(QStringLiteral(", ")));
    }

    void operator()(const RolloutStarted& e) const
    {
        fact(DecisionWords::tr("Playbook"), text(e.playbookName));
        hash(DecisionWords::tr("Playbook hash"), e.playbookHash);
        for (const auto& [key, value] : e.settings)
            fact(text(key), text(value), true);
        fact(DecisionWords::tr("Note"), text(e.note));
    }
    void operator()(const CanaryReady& e) const { fact(DecisionWords::tr("Instances"), QString::number(e.instances)); }
    void operator()(const BaselineRecorded& e) const
    {
        fact(DecisionWords::tr("Recorded for"), lengthText(e.length, formats));
    }
    void operator()(const StageEntered& e) const
    {
        fact(DecisionWords::tr("Asked share"), weightText(e.weight, formats));
        fact(DecisionWords::tr("Why"), text(e.because));
    }
    void operator()(const StageApplied& e) const
    {
        proxies(e.proxies, {});
        fact(DecisionWords::tr("Read back after"), tookText(e.took, formats));
    }
    void operator()(const BakeCredited& /*e*/) const { out.minor = true; }
    void operator()(const BakeDone& /*e*/) const {}
    void operator()(const WarningRaised& e) const
    {
        mark(Tone::Warning);
        fact(DecisionWords::tr("Why"), text(e.text));
        fact(DecisionWords::tr("Code"), text(e.code), true);
    }
    void operator()(const ApprovalRequested& e) const
    {
        hash(DecisionWords::tr("Evidence digest"), e.digest);
        fact(DecisionWords::tr("Expires"), instant(e.expiresAt));
        evidence(e.evidence);
    }
    void operator()(const ApprovalGiven& e) const
    {
        mark(Tone::Ok);
        fact(DecisionWords::tr("Approved as"), roleText(e.approval.role));
        fact(DecisionWords::tr("Comment"), text(e.approval.comment));
        hash(DecisionWords::tr("Evidence digest"), e.approval.digest);
    }
    void operator()(const ApprovalVoided& e) const
    {
        mark(Tone::Warning);
        fact(DecisionWords::tr("Why"), text(e.because));
    }
    void operator()(const StagePassed& e) const
    {
        mark(e.forced ? Tone::Warning : Tone::Ok);
        fact(DecisionWords::tr("Forced because"), text(e.forcedReason));
        fact(DecisionWords::tr("Second person"), text(e.second.value));
        evidence(e.evidence);
    }
    void operator()(const RolloutPaused& e) const
    {
        mark(Tone::Warning);
        fact(DecisionWords::tr("Why"), text(e.because));
    }
    void operator()(const RolloutResumed& e) const { fact(DecisionWords::tr("Why"), text(e.reason)); }
    void operator()(const SteppedBack& e) const
    {
        mark(Tone::Warning);
        fact(DecisionWords::tr("Asked share"), weightText(e.weight, formats));
        fact(DecisionWords::tr("Why"), text(e.because));
    }
    void operator()(const WeightRamped& e) const
    {
        if (e.forced) mark(Tone::Warning);
        fact(DecisionWords::tr("Asked share"), weightText(e.weight, formats));
        fact(DecisionWords::tr("Why"), text(e.reason));
        fact(DecisionWords::tr("Second person"), text(e.second.value));
    }
    void operator()(const TriggerFired& e) const;
    void operator()(const RollbackStarted& e) const;
    void operator()(const TrafficVerified& e) const
    {
        mark(e.unreachable.empty() ? Tone::Ok : Tone::Critical);
        fact(DecisionWords::tr("After the decision"), tookText(e.took, formats));
        proxies(e.proxies, e.unreachable);
    }
    void operator()(const TrafficQuiet& e) const
    {
        mark(e.note.empty() ? Tone::Ok : Tone::Warning);
        fact(DecisionWords::tr("After the decision"), tookText(e.took, formats));
        fact(DecisionWords::tr("Note"), text(e.note));
    }
    void operator()(const StepChanged& e) const
    {
        if (e.state == StepState::Failed) mark(Tone::Critical);
        if (e.state == StepState::Skipped) mark(Tone::Warning);
        if (e.took > Duration(0)) fact(DecisionWords::tr("Took"), tookText(e.took, formats));
        fact(DecisionWords::tr("Note"), text(e.note));
    }
    void operator()(const RolledBack& /*e*/) const { mark(Tone::Critical); }
    void operator()(const WatchStarted& e) const { fact(DecisionWords::tr("For"), lengthText(e.length, formats)); }
    void operator()(const WatchCredited& /*e*/) const { out.minor = true; }
    void operator()(const FinaliseStarted& e) const
    {
        for (const StepProgress& step : e.steps)
            fact(text(step.title), lengthText(step.usually, formats));
    }
    void operator()(const MarkedStable& /*e*/) const { mark(Tone::Ok); }
    void operator()(const RolloutCancelled& e) const { fact(DecisionWords::tr("Why"), text(e.reason)); }
    void operator()(const ItemTicked& e) const { fact(DecisionWords::tr("Note"), text(e.note)); }
    void operator()(const HandedOver& e) const { fact(DecisionWords::tr("Note"), text(e.note)); }
    void operator()(const Commented& /*e*/) const {}
    void operator()(const DriftCorrected& /*e*/) const { mark(Tone::Warning); }
    void operator()(const DataLost& /*e*/) const { mark(Tone::Warning); }
    void operator()(const DataRestored& e) const { fact(DecisionWords::tr("Gap"), lengthText(e.gap, formats)); }
    void operator()(const DriverChanged& e) const { fact(DecisionWords::tr("Why"), text(e.because)); }
};

QString conditionWords(const Trigger& trigger, const Formats& formats)
{
    const QString limit = percentText(trigger.when.limit, formats);
    switch (trigger.when.kind) {
    case Condition::Kind::Above: return DecisionWords::tr("above its limit");
    case Condition::Kind::Below: return DecisionWords::tr("below its limit");
    case Condition::Kind::AboveBaseline: return DecisionWords::tr("more than %1 above its baseline").arg(limit);
    case Condition::Kind::Drops: return DecisionWords::tr("more than %1 under its baseline").arg(limit);
    }
    return {};
}

QString actionWords(FailureAction action)
{
    switch (action) {
    case FailureAction::AlertOnly: return DecisionWords::tr("alert");
    case FailureAction::Pause: return DecisionWords::tr("pause");
    case FailureAction::Abort: return DecisionWords::tr("abort");
    case FailureAction::PreviousStage: return DecisionWords::tr("step back one stage");
    case FailureAction::Rollback: return DecisionWords::tr("roll back");
    }
    return {};
}

void Detailer::operator()(const TriggerFired& e) const
{
    mark(e.action == FailureAction::AlertOnly ? Tone::Warning : Tone::Critical);
    const Trigger* trigger = nullptr;
    if (playbook != nullptr)
        for (const Trigger& one : playbook->triggers)
            if (one.id == e.trigger) trigger = &one;
    const Metric* metric = trigger == nullptr ? nullptr : playbook->metric(trigger->when.metric);
    const Unit unit = metric == nullptr ? Unit::Plain : metric->unit;
    out.numbers.columns = {{DecisionWords::tr("Measure"), false, true},
                           {DecisionWords::tr("Canary"), true, false},
                           {DecisionWords::tr("Limit"), true, false},
                           {DecisionWords::tr("Held for"), true, false}};
    const QString limit = e.limit ? valueText(*e.limit, unit, formats, Digits::Trimmed) : dash();
    out.numbers.rows.append({{metric == nullptr ? text(e.trigger) : text(metric->title)},
                             {valueText(e.observed, unit, formats), Tone::Critical},
                             {limit},
                             {e.heldFor > Duration(0) ? lengthText(e.heldFor, formats) : dash()}});
    fact(DecisionWords::tr("Trigger"), text(e.trigger), true);
    if (trigger != nullptr) fact(DecisionWords::tr("Condition"), conditionWords(*trigger, formats));
    fact(DecisionWords::tr("Action"), actionWords(e.action));
    if (micros(e.cooldownUntil) != 0) fact(DecisionWords::tr("Cools down until"), instant(e.cooldownUntil));
}

void Detailer::operator()(const RollbackStarted& e) const
{
    mark(Tone::Critical);
    fact(DecisionWords::tr("Why"), text(e.plan.because));
    fact(DecisionWords::tr("Trigger"), text(e.plan.trigger), true);
    if (micros(e.plan.badSince) != 0) fact(DecisionWords::tr("Bad since"), instant(e.plan.badSince));
    fact(DecisionWords::tr("Back to"), text(e.plan.toVersion), true);
    evidence(e.plan.evidence);
}

QString whoWords(const Actor& actor)
{
    if (actor.person.value == "engine") return DecisionWords::tr("the engine");
    QStringList roles;
    for (const std::string& role : actor.roles)
        roles << roleText(role);
    const QString person = text(actor.person.value);
    return roles.isEmpty() ? person : DecisionWords::tr("%1 (%2)").arg(person, roles.join(QStringLiteral(", ")));
}

/// Names the steps of the events that it is shown one after the other: a rollback has steps of its own.
class StepNames {
public:
    std::string titleOf(const Event& event)
    {
        if (const auto* begun = std::get_if<FinaliseStarted>(&event)) m_steps = &begun->steps;
        if (const auto* begun = std::get_if<RollbackStarted>(&event)) m_steps = &begun->plan.steps;
        const auto* change = std::get_if<StepChanged>(&event);
        if (change == nullptr || m_steps == nullptr || change->step < 0) return {};
        const auto step = static_cast<size_t>(change->step);
        return step < m_steps->size() ? (*m_steps)[step].title : std::string();
    }

private:
    const std::vector<StepProgress>* m_steps{nullptr};
};

int weight(const Event& event)
{
    if (std::holds_alternative<TriggerFired>(event))
        return std::get<TriggerFired>(event).action == FailureAction::AlertOnly ? 1 : 4;
    if (std::holds_alternative<RollbackStarted>(event)) return 3;
    return std::holds_alternative<ApprovalGiven>(event) || std::holds_alternative<StagePassed>(event) ? 2 : 0;
}

} // namespace

QList<Decision> decisions(const engine::RolloutHistory& history, const Formats& formats)
{
    QList<Decision> out;
    const auto& all = history.decided;
    const bool oneDay = all.empty() || all.back().at - all.front().at < std::chrono::hours(20);
    StepNames steps;
    for (size_t i = 0; i < all.size(); ++i) {
        Decision one{.version = history.events[i].version,
                     .time = oneDay ? timeText(all[i].at, formats) : dayText(all[i].at, formats),
                     .text = eventWords(all[i].event, steps.titleOf(all[i].event), formats),
                     .by = whoWords(all[i].actor)};
        one.facts.columns = {{QString(), false, false}, {QString(), false, true}};
        std::visit(Detailer{one, history.view.playbook.get(), formats}, all[i].event);
        out.append(one);
    }
    return out;
}

qsizetype decisiveOf(const engine::RolloutHistory& history)
{
    const auto& all = history.decided;
    qsizetype best = static_cast<qsizetype>(all.size()) - 1;
    int weightiest = 0;
    for (size_t i = 0; i < all.size(); ++i) {
        const int now = weight(all[i].event);
        if (now == 0 || now < weightiest) continue;
        weightiest = now;
        best = static_cast<qsizetype>(i);
    }
    return best;
}

} // namespace sluice::ui
