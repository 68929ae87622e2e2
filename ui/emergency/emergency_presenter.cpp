// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/emergency/emergency_presenter.h"

#include <algorithm>

#include "ui/emergency/stop_words.h"
#include "ui/rollout/live_rollouts.h"
#include "ui/rollout/rollback_presenter.h"

namespace sluice::ui {

namespace {

QString stepWords(const QString& title, Duration usually, const Formats& formats)
{
    if (usually == Duration(0)) return title;
    const QString length =
        usually < std::chrono::seconds(1) ? tookText(usually, formats) : lengthText(usually, formats);
    return EmergencyPresenter::tr("%1 ≈ %2").arg(title, length);
}

void showSteps(EmergencyTarget& out, const engine::RolloutView& view, const Formats& formats)
{
    const QString first = EmergencyPresenter::tr("Canary %1 → 0 % on all proxies (%2)")
                              .arg(weightText(view.state.weight, formats))
                              .arg(view.world.proxies.size());
    QStringList words{stepWords(first, std::chrono::milliseconds(50), formats)};
    QStringList left;
    if (view.playbook)
        for (const RollbackStep& step : view.playbook->rollbackSteps) {
            const QString title = QCoreApplication::translate("step", step.title.c_str());
            words << EmergencyPresenter::tr("then: %1").arg(stepWords(title, step.usually, formats));
            if (!step.reversible && !step.risk.empty())
                left << EmergencyPresenter::tr("%1: %2").arg(title, text(step.risk));
        }
    out.steps = words.join(QStringLiteral("   "));
    out.skips = EmergencyPresenter::tr("▲ Skips: approvals, metrics and every check before the switch.");
    if (!left.isEmpty())
        out.skips = EmergencyPresenter::tr("%1 Cannot be undone: %2").arg(out.skips, left.join(QStringLiteral("; ")));
}

void showOutcome(EmergencyTarget& out, const engine::RolloutView& view, const engine::Snapshot& snapshot,
                 const Formats& formats)
{
    if (!view.state.rollback) return;
    out.returning = true;
    const auto& way = *view.state.rollback;
    const Duration running = snapshot.now.wall - way.decidedAt;
    if (!way.verifiedAfter) {
        out.outcome = EmergencyPresenter::tr("▶ Traffic is on its way back, %1 so far").arg(tookText(running, formats));
        return;
    }
    const QStringList missing = RollbackPresenter::unanswered(view);
    out.safe = missing.isEmpty();
    out.outcome = out.safe ? EmergencyPresenter::tr("✓ Users are safe: verified at zero after %1")
                                 .arg(tookText(*way.verifiedAfter, formats))
                           : EmergencyPresenter::tr("◆ Verified at zero, except on proxies out of reach: %1")
                                 .arg(missing.join(QStringLiteral(", ")));
}

} // namespace

QList<EmergencyTarget> EmergencyPresenter::targets(const engine::Snapshot& snapshot, const Formats& formats)
{
    QList<EmergencyTarget> out;
    for (const engine::RolloutView* view : byUrgency(snapshot)) {
        const rollout::Rollout& state = view->state;
        if (!rollout::hasExposure(state) && !state.rollback) continue;
        EmergencyTarget target{
            .rollout = text(state.id.value), .service = text(view->service), .environment = text(view->environment)};
        target.versions = QStringLiteral("%1 → %2").arg(text(state.toVersion), text(state.fromVersion));
        showSteps(target, *view, formats);
        showOutcome(target, *view, snapshot, formats);
        target.stop = stopSentence(snapshot, state.target, formats);
        out.append(target);
    }
    return out;
}

QList<HeldService> EmergencyPresenter::held(const engine::Snapshot& snapshot)
{
    QList<HeldService> out;
    for (const engine::TargetView& target : snapshot.targets) {
        if (!target.stop) continue;
        HeldService held{
            .target = text(target.id.value), .service = text(target.service), .environment = text(target.environment)};
        const auto newest =
            std::ranges::find(snapshot.rollouts, target.id, [](const auto& view) { return view->state.target; });
        if (target.live)
            held.rollout = text(target.live->value);
        else if (newest != snapshot.rollouts.end())
            held.rollout = text((*newest)->state.id.value);
        out.append(held);
    }
    return out;
}

} // namespace sluice::ui
