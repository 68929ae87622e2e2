// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/rollback_presenter.h"

#include <algorithm>
#include <numeric>

namespace sluice::ui {

namespace {

using rollout::ProxyFact;
using rollout::RollbackCause;
using rollout::RollbackProgress;
using rollout::StepProgress;
using rollout::StepState;
using Cell = FactTableData::Cell;

constexpr Duration kTrafficUsually = std::chrono::milliseconds(50);
constexpr Duration kQuietUsually = std::chrono::seconds(5);

QString about(Duration usually, const Formats& formats)
{
    if (usually == Duration(0)) return dash();
    return QStringLiteral("≈ ") +
           (usually < std::chrono::seconds(1) ? tookText(usually, formats) : lengthText(usually, formats));
}

/// Traffic and quiet come first in every plan; the heart keeps them as two instants, not as steps.
std::vector<StepProgress> allSteps(const RolloutMoment& moment)
{
    const RollbackProgress& way = *moment.state().rollback;
    const Duration running = moment.snapshot.now.wall - way.decidedAt;
    const auto state = [](bool done) { return done ? StepState::Done : StepState::Running; };
    const QStringList missing = RollbackPresenter::unanswered(moment.view);
    std::vector<StepProgress> steps;
    steps.push_back(
        {.title = RollbackPresenter::tr("All traffic to %1").arg(text(way.toVersion)).toStdString(),
         .state = state(way.verifiedAfter.has_value() && missing.isEmpty()),
         .note = missing.isEmpty()
                     ? std::string()
                     : utf8(RollbackPresenter::tr("no answer yet from %1").arg(missing.join(QStringLiteral(", ")))),
         .usually = kTrafficUsually,
         .took = way.verifiedAfter.value_or(running)});
    steps.push_back({.title = RollbackPresenter::tr("No request reaches the canary any more").toStdString(),
                     .state = way.verifiedAfter ? state(way.quietAfter.has_value()) : StepState::Waiting,
                     .reversible = false,
                     .usually = kQuietUsually,
                     .took = way.quietAfter.value_or(way.verifiedAfter ? running : Duration(0))});
    std::ranges::copy(way.steps, std::back_inserter(steps));
    return steps;
}

Cell stateCell(StepState state)
{
    switch (state) {
    case StepState::Waiting: return {QStringLiteral("·"), Tone::Third};
    case StepState::Running: return {QStringLiteral("▶"), Tone::Canary};
    case StepState::Done: return {QStringLiteral("✓"), Tone::Ok};
    case StepState::Failed: return {QStringLiteral("◆"), Tone::Critical};
    case StepState::Skipped: return {QStringLiteral("✕"), Tone::Warning};
    }
    return {};
}

QString reversibleWords(const StepProgress& step, size_t at)
{
    // Quiet and validation change nothing, so there is nothing to take back.
    if (at == 1 || step.kind == RollbackStep::Kind::Validation) return dash();
    return step.reversible ? RollbackPresenter::tr("yes") : RollbackPresenter::tr("no");
}

QList<FactTableData::Column> stepColumns(bool running)
{
    QList<FactTableData::Column> columns;
    if (running) columns.append({QString(), false, false});
    columns.append({RollbackPresenter::tr("Step"), false, true});
    if (running) columns.append({RollbackPresenter::tr("took"), true, false});
    columns.append({RollbackPresenter::tr("usually"), true, false});
    columns.append({RollbackPresenter::tr("reversible"), true, false});
    return columns;
}

FactTableData stepTable(const std::vector<StepProgress>& steps, const RolloutMoment& moment)
{
    FactTableData table{.columns = stepColumns(true)};
    for (size_t i = 0; i < steps.size(); ++i) {
        const StepProgress& step = steps[i];
        QString title = RollbackPresenter::stepTitle(step.title);
        if (!step.note.empty()) title = RollbackPresenter::tr("%1 · %2").arg(title, text(step.note));
        Duration took = step.took;
        if (i > 1 && step.state == StepState::Running) took = moment.snapshot.now.wall - step.startedAt;
        const bool begun = step.state != StepState::Waiting;
        table.rows.append({stateCell(step.state),
                           {title, begun ? Tone::Text : Tone::Second},
                           {begun ? tookText(took, moment.formats) : QString(), Tone::Text, true},
                           {about(step.usually, moment.formats), Tone::Third, true},
                           {reversibleWords(step, i), Tone::Second}});
    }
    return table;
}

Duration totalOf(const std::vector<StepProgress>& steps)
{
    return std::accumulate(steps.begin(), steps.end(), Duration(0),
                           [](Duration sum, const StepProgress& step) { return sum + step.usually; });
}

/// "verified at zero", and on how many proxies when it was not all of them.
QString verifiedWords(const RolloutMoment& moment)
{
    const RollbackProgress& way = *moment.state().rollback;
    if (way.unreachable.empty()) return RollbackPresenter::tr("decision → verified at zero");
    const qsizetype all = std::ssize(moment.view.world.proxies);
    const QStringList missing = RollbackPresenter::unanswered(moment.view);
    if (missing.isEmpty())
        return RollbackPresenter::tr("decision → verified at zero on the proxies that answered then");
    const QString names = missing.join(QStringLiteral(", "));
    if (all < missing.size()) return RollbackPresenter::tr("decision → verified at zero, except on %1").arg(names);
    return RollbackPresenter::tr("decision → verified at zero on %1 of %2 proxies; no answer yet from %3")
        .arg(all - missing.size())
        .arg(all)
        .arg(names);
}

void showPromise(RollbackViewData& out, const RolloutMoment& moment)
{
    const RollbackProgress& way = *moment.state().rollback;
    const Playbook rules = moment.view.playbook ? *moment.view.playbook : Playbook{};
    const bool emergency = way.cause == RollbackCause::Emergency;
    const bool automatic = way.trigger.size() > 0 || way.cause == RollbackCause::Score ||
                           way.cause == RollbackCause::Requirement || way.cause == RollbackCause::Overrun;
    const Duration promise = emergency   ? rules.promiseEmergency
                             : automatic ? rules.promiseAutomatic
                                         : rules.promiseManual;
    const QString length = lengthText(promise, moment.formats);
    out.promiseTitle = emergency   ? RollbackPresenter::tr("Promise: emergency rollback under %1").arg(length)
                       : automatic ? RollbackPresenter::tr("Promise: automatic rollback under %1").arg(length)
                                   : RollbackPresenter::tr("Promise: planned rollback under %1").arg(length);
    const Duration took = way.verifiedAfter.value_or(moment.snapshot.now.wall - way.decidedAt);
    out.promiseValue = tookText(took, moment.formats);
    out.promiseTone = took > promise ? Tone::Critical : Tone::Text;
    if (!way.verifiedAfter)
        out.promiseText = RollbackPresenter::tr("since the decision, not verified at zero yet");
    else if (!way.quietAfter)
        out.promiseText = RollbackPresenter::tr("%1 · not quiet yet").arg(verifiedWords(moment));
    else
        out.promiseText = RollbackPresenter::tr("%1 · quiet after %2")
                              .arg(verifiedWords(moment), tookText(*way.quietAfter, moment.formats));
    if (way.verifiedAfter && !RollbackPresenter::unanswered(moment.view).isEmpty()) out.promiseTone = Tone::Critical;
    QStringList times;
    if (micros(way.badSince) != 0)
        times << RollbackPresenter::tr("bad since %1").arg(timeText(way.badSince, moment.formats));
    times << RollbackPresenter::tr("decided %1").arg(timeText(way.decidedAt, moment.formats));
    out.promiseTimes = times.join(QStringLiteral(" · "));
}

void showHeadline(RollbackViewData& out, const RolloutMoment& moment)
{
    const RollbackProgress& way = *moment.state().rollback;
    if (!way.verifiedAfter) {
        out.headline = RollbackPresenter::tr("Traffic is on its way to %1").arg(text(way.toVersion));
        out.headlineTone = Tone::Warning;
        return;
    }
    const WallTime safe = way.decidedAt + *way.verifiedAfter;
    out.headline = RollbackPresenter::tr("Users are safe since %1").arg(timeText(safe, moment.formats));
    const QStringList missing = RollbackPresenter::unanswered(moment.view);
    if (missing.isEmpty()) return;
    out.headline = RollbackPresenter::tr("Safe on all proxies that answer; out of reach: %1")
                       .arg(missing.join(QStringLiteral(", ")));
    out.headlineTone = Tone::Critical;
}

} // namespace

QStringList RollbackPresenter::unanswered(const engine::RolloutView& view)
{
    QStringList names;
    for (const std::string& name : view.state.rollback->unreachable) {
        const auto& proxies = view.world.proxies;
        const auto proxy = std::ranges::find(proxies, name, &ProxyFact::name);
        const bool safeNow = proxy != proxies.end() && proxy->state == ProxyFact::State::Verified &&
                             proxy->limit == Weight::none() && proxy->canaryMaint;
        if (!safeNow) names << text(name);
    }
    return names;
}

QString RollbackPresenter::stepTitle(const std::string& english)
{
    return QCoreApplication::translate("step", english.c_str());
}

FactTableData RollbackPresenter::proof(const RolloutMoment& moment)
{
    FactTableData table{.columns = {{tr("Proxy"), false, true},
                                    {tr("asked"), true, false},
                                    {tr("reads back"), true, false},
                                    {tr("canary requests"), true, false}}};
    for (const ProxyFact& proxy : moment.view.world.proxies) {
        QString back = weightText(proxy.limit, moment.formats);
        if (proxy.canaryMaint) back = tr("%1, maint").arg(back);
        Tone tone = Tone::Text;
        if (proxy.state == ProxyFact::State::Unreachable || proxy.state == ProxyFact::State::Unknown) {
            back = tr("◆ silent for %1").arg(ageText(proxy.sinceAnswer, moment.formats));
            tone = Tone::Critical;
        }
        table.rows.append({{text(proxy.name)},
                           {weightText(moment.state().weight, moment.formats)},
                           {back, tone},
                           {valueText(proxy.canaryRequests * kMillion, Unit::Count, moment.formats)}});
    }
    return table;
}

QString RollbackPresenter::cause(const RollbackProgress& way)
{
    const QString why = text(way.because);
    const QString by = text(way.by.value);
    switch (way.cause) {
    case RollbackCause::Trigger:
    case RollbackCause::Score:
    case RollbackCause::Requirement:
    case RollbackCause::Overrun: return tr("by itself: %1").arg(why);
    case RollbackCause::Person: return tr("by %1: %2").arg(by, why);
    case RollbackCause::Reject: return tr("rejected by %1: %2").arg(by, why);
    case RollbackCause::Emergency: return tr("emergency by %1: %2").arg(by, why);
    case RollbackCause::Superseded: return tr("superseded: %1").arg(why);
    }
    return why;
}

RollbackPlanData RollbackPresenter::plan(const RolloutMoment& moment)
{
    const QString to = text(moment.state().fromVersion);
    RollbackPlanData out{.title = tr("Roll %1 back to %2?").arg(moment.service(), to),
                         .button = tr("Roll back to %1").arg(to),
                         .may = RolloutPresenter::move(moment, rollout::Move::RollBack)};
    out.intro = tr("Users of %1 (%2 of the traffic) go back to %3 first; everything else follows.")
                    .arg(text(moment.state().toVersion), weightText(moment.state().weight, moment.formats), to);
    out.steps.columns = stepColumns(false);
    if (!moment.view.playbook) return out;
    const std::vector<StepProgress> steps = rollout::rollbackPlan(*moment.view.playbook);
    QStringList risks;
    for (size_t i = 0; i < steps.size(); ++i) {
        const StepProgress& step = steps[i];
        out.steps.rows.append({{stepTitle(step.title)},
                               {about(step.usually, moment.formats), Tone::Third, true},
                               {reversibleWords(step, i), Tone::Second}});
        if (!step.risk.empty()) risks << tr("%1: %2").arg(stepTitle(step.title), text(step.risk));
    }
    out.total = tr("About %1 in all. Users are safe after the first step.").arg(clockText(totalOf(steps)));
    out.risk = risks.join(QLatin1Char('\n'));
    return out;
}

RollbackViewData RollbackPresenter::progress(const RolloutMoment& moment)
{
    const rollout::Rollout& state = moment.state();
    const RollbackProgress& way = *state.rollback;
    const std::vector<StepProgress> steps = allSteps(moment);
    RollbackViewData out{.because = cause(way),
                         .steps = stepTable(steps, moment),
                         .retry = RolloutPresenter::move(moment, rollout::Move::RetryStep),
                         .skip = RolloutPresenter::move(moment, rollout::Move::SkipStep),
                         .proof = proof(moment)};
    out.failed = std::ranges::any_of(steps, [](const StepProgress& s) { return s.state == StepState::Failed; });
    const Duration total = totalOf(steps);
    const Duration running = state.endedAt.value_or(moment.snapshot.now.wall) - way.decidedAt;
    out.clock = clockText(running);
    out.ofAbout = state.endedAt ? tr("in all") : tr("of about %1").arg(clockText(total));
    out.progressPpm = state.endedAt         ? kMillion
                      : total > Duration(0) ? std::min(kMillion, running * kMillion / total)
                                            : 0;
    showHeadline(out, moment);
    showPromise(out, moment);
    out.notice = out.failed
                     ? tr("A step failed. Try it again, or skip it with a reason; traffic stays where it is safe.")
                     : tr("If a step fails it can be tried again or skipped with a reason. Closing this window "
                          "does not stop the rollback.");
    out.command = QStringLiteral("sluicectl rollback %1 --to %2").arg(text(state.target.value), text(way.toVersion));
    return out;
}

} // namespace sluice::ui
