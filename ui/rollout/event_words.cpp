// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/event_words.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QRegularExpression>

#include "ui/rollout/rollback_presenter.h"

namespace sluice::ui {

namespace {

using namespace rollout;

/// Context for translators; `%1` of a stage counts from one, as people do.
struct EventWords {
    Q_DECLARE_TR_FUNCTIONS(EventWords)
};

int human(int stage)
{
    return stage + 1;
}

/// What somebody wrote, or why, behind a colon; nothing when there is nothing.
QString with(const QString& words, const QString& more)
{
    return more.isEmpty() ? words : EventWords::tr("%1: %2").arg(words, more);
}

QString stepWords(StepState state)
{
    switch (state) {
    case StepState::Waiting: return EventWords::tr("Step %1 waits");
    case StepState::Running: return EventWords::tr("Step %1 is running");
    case StepState::Done: return EventWords::tr("Step %1 is done");
    case StepState::Failed: return EventWords::tr("Step %1 failed");
    case StepState::Skipped: return EventWords::tr("Step %1 was skipped");
    }
    return {};
}

/// Proxies hold a share as ten thousandths; people read percent.
QString shares(QString words, const Formats& formats)
{
    static const QRegularExpression limit(QStringLiteral("\\blimit (\\d{1,5}) instead of (\\d{1,5})\\b"));
    const auto found = limit.match(words);
    const auto seen = Weight::parse(found.captured(1).toLongLong());
    const auto wanted = Weight::parse(found.captured(2).toLongLong());
    if (!found.hasMatch() || !seen || !wanted) return words;
    return words.replace(
        found.capturedStart(), found.capturedLength(),
        EventWords::tr("%1 instead of %2").arg(weightText(*seen, formats), weightText(*wanted, formats)));
}

/// One sentence per event type.
struct Teller {
    const std::string& step;
    const Formats& formats;

    QString said(const std::string& stored) const { return storedWords(stored, formats); }

    QString operator()(const RolloutStarted& e) const
    {
        return EventWords::tr("Release of %1 over %2 on %3 started with playbook %4")
            .arg(text(e.toVersion), text(e.fromVersion), text(e.target.value), text(e.playbookName));
    }
    QString operator()(const CanaryReady& e) const
    {
        return EventWords::tr("Canary instances that are ready: %1").arg(e.instances);
    }
    QString operator()(const BaselineRecorded& e) const
    {
        return EventWords::tr("Baseline of %1 recorded").arg(lengthText(e.length, formats));
    }
    QString operator()(const StageEntered& e) const
    {
        return with(EventWords::tr("Stage %1 entered, %2 asked").arg(human(e.stage)).arg(weightText(e.weight, formats)),
                    said(e.because));
    }
    QString operator()(const StageApplied& e) const
    {
        return EventWords::tr("Weight of stage %1 applied in %2; proxies: %3")
            .arg(human(e.stage))
            .arg(tookText(e.took, formats))
            .arg(e.proxies);
    }
    QString operator()(const BakeCredited& e) const
    {
        return EventWords::tr("%1 of bake credited to stage %2").arg(lengthText(e.credit, formats)).arg(human(e.stage));
    }
    QString operator()(const BakeDone& e) const
    {
        return EventWords::tr("Bake of stage %1 is done").arg(human(e.stage));
    }
    QString operator()(const WarningRaised& e) const
    {
        return with(EventWords::tr("Warning in stage %1").arg(human(e.stage)), said(e.text));
    }
    QString operator()(const ApprovalRequested& e) const
    {
        return EventWords::tr("Approval of stage %1 requested until %2")
            .arg(human(e.stage))
            .arg(timeText(e.expiresAt, formats));
    }
    QString operator()(const ApprovalGiven& e) const
    {
        return with(EventWords::tr("%1 approved stage %2 as %3")
                        .arg(text(e.approval.person.value))
                        .arg(human(e.stage))
                        .arg(roleText(e.approval.role)),
                    text(e.approval.comment));
    }
    QString operator()(const ApprovalVoided& e) const
    {
        return with(EventWords::tr("Request for approval of stage %1 is void").arg(human(e.stage)), said(e.because));
    }
    QString operator()(const StagePassed& e) const
    {
        QString words = EventWords::tr("Stage %1 passed").arg(human(e.stage));
        if (e.scoreMilli)
            words = EventWords::tr("Stage %1 passed with score %2").arg(human(e.stage)).arg(scoreText(e.scoreMilli));
        if (!e.forced) return words;
        return with(EventWords::tr("%1, beyond an open gate, with %2").arg(words, text(e.second.value)),
                    text(e.forcedReason));
    }
    QString operator()(const RolloutPaused& e) const { return with(EventWords::tr("Paused"), said(e.because)); }
    QString operator()(const RolloutResumed& e) const { return with(EventWords::tr("Resumed"), text(e.reason)); }
    QString operator()(const SteppedBack& e) const
    {
        return with(EventWords::tr("Stepped back from stage %1 to stage %2, %3")
                        .arg(human(e.from))
                        .arg(human(e.to))
                        .arg(weightText(e.weight, formats)),
                    said(e.because));
    }
    QString operator()(const WeightRamped& e) const
    {
        const QString words = EventWords::tr("Weight ramped to %1").arg(weightText(e.weight, formats));
        if (!e.forced) return with(words, text(e.reason));
        return with(EventWords::tr("%1, beyond an open gate, with %2").arg(words, text(e.second.value)),
                    text(e.reason));
    }
    QString operator()(const TriggerFired& e) const
    {
        return with(EventWords::tr("Trigger %1 fired").arg(text(e.trigger)), said(e.text));
    }
    QString operator()(const RollbackStarted& e) const
    {
        return with(EventWords::tr("Rollback to %1 started").arg(text(e.plan.toVersion)), said(e.plan.because));
    }
    QString operator()(const TrafficVerified& e) const
    {
        const QString words = EventWords::tr("Canary traffic verified at zero after %1; proxies: %2")
                                  .arg(tookText(e.took, formats))
                                  .arg(e.proxies);
        if (e.unreachable.empty()) return words;
        QStringList names;
        for (const std::string& name : e.unreachable)
            names << text(name);
        return EventWords::tr("%1; out of reach: %2").arg(words, names.join(QStringLiteral(", ")));
    }
    QString operator()(const TrafficQuiet& e) const
    {
        if (!e.note.empty()) return with(EventWords::tr("Went on without seeing the canary quiet"), said(e.note));
        return EventWords::tr("No request reached the canary any more, %1 after the decision")
            .arg(tookText(e.took, formats));
    }
    QString operator()(const StepChanged& e) const
    {
        const QString title = step.empty() ? QString() : RollbackPresenter::stepTitle(step);
        return with(with(stepWords(e.state).arg(human(e.step)), title), said(e.note));
    }
    QString operator()(const RolledBack& e) const
    {
        return EventWords::tr("Rolled back: %1 serves everybody").arg(text(e.version));
    }
    QString operator()(const WatchStarted& e) const
    {
        return EventWords::tr("Watching for %1, triggers armed").arg(lengthText(e.length, formats));
    }
    QString operator()(const WatchCredited& e) const
    {
        return EventWords::tr("%1 of watch credited").arg(lengthText(e.credit, formats));
    }
    QString operator()(const FinaliseStarted& e) const
    {
        return EventWords::tr("Finalising; steps: %1").arg(e.steps.size());
    }
    QString operator()(const MarkedStable& e) const
    {
        return EventWords::tr("%1 is the stable version").arg(text(e.version));
    }
    QString operator()(const RolloutCancelled& e) const { return with(EventWords::tr("Cancelled"), text(e.reason)); }
    QString operator()(const ItemTicked& e) const
    {
        const QString words =
            e.ticked ? EventWords::tr("Checklist item %1 ticked") : EventWords::tr("Checklist item %1 unticked");
        return with(words.arg(text(e.item)), text(e.note));
    }
    QString operator()(const HandedOver& e) const
    {
        return with(EventWords::tr("Handed over to %1").arg(text(e.to.value)), text(e.note));
    }
    QString operator()(const Commented& e) const { return said(e.text); }
    QString operator()(const DriftCorrected& e) const
    {
        return with(EventWords::tr("Drift on %1 corrected").arg(text(e.proxy)), shares(said(e.text), formats));
    }
    QString operator()(const DataLost& e) const { return with(EventWords::tr("Data lost"), said(e.text)); }
    QString operator()(const DataRestored& e) const
    {
        return EventWords::tr("Data is back after %1").arg(lengthText(e.gap, formats));
    }
    QString operator()(const DriverChanged& e) const
    {
        return with(EventWords::tr("%1 drives, epoch %2").arg(text(e.holder)).arg(e.epoch), said(e.because));
    }
};

} // namespace

QString eventWords(const Event& event, const std::string& step, const Formats& formats)
{
    return std::visit(Teller{step, formats}, event);
}

QString storedWords(const std::string& stored, const Formats& formats)
{
    static const QRegularExpression instant(QStringLiteral("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z"));
    static const QRegularExpression unit(QStringLiteral("(\\d) (?=(?:%|ms|s|min|h|d)(?:\\W|$))"));
    QString words = text(stored);
    for (auto found = instant.match(words); found.hasMatch(); found = instant.match(words)) {
        const QDateTime at = QDateTime::fromString(found.captured(), Qt::ISODate);
        words.replace(found.capturedStart(), found.capturedLength(),
                      timeText(wallTime(at.toMSecsSinceEpoch() * 1000), formats));
    }
    return words.replace(unit, QStringLiteral("\\1\u00A0"));
}

} // namespace sluice::ui
