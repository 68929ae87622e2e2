// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QClipboard>
#include <algorithm>

#include "core/engine/snapshot.h"
#include "ui/actions/action_catalog.h"
#include "ui/bridge/engine_bridge.h"
#include "ui/bridge/wish.h"
#include "ui/rollout/detail_sheets.h"
#include "ui/rollout/evidence_presenter.h"
#include "ui/rollout/evidence_sheet.h"
#include "ui/rollout/live_rollouts.h"
#include "ui/rollout/live_view.h"
#include "ui/rollout/rollback_presenter.h"
#include "ui/rollout/rollback_sheet.h"
#include "ui/rollout/rollout_page.h"
#include "ui/widgets/reason_sheet.h"

// What a person can do on the rollout page: actions, the sheets they open, the wishes these end in.

namespace sluice::ui {

void RolloutPage::addAct(const char* id, const QString& text, const QKeySequence& key, void (RolloutPage::*act)(),
                         const QString& shortText)
{
    ActionSpec spec{.id = QLatin1String(id),
                    .text = text,
                    .shortText = shortText,
                    .group = tr("This rollout"),
                    .page = this->id(),
                    .commits = QLatin1String(id) == QLatin1String("rollout.retryStep")};
    if (!key.isEmpty()) spec.keys = {key};
    context().actions.add(spec, [this, act] { (this->*act)(); });
}

void RolloutPage::addActions()
{
    addAct("rollout.review", tr("Review evidence"), QKeySequence(Qt::Key_Return), &RolloutPage::reviewEvidence);
    addAct("rollout.promote", tr("Promote"), QKeySequence(Qt::Key_U), &RolloutPage::reviewEvidence);
    addAct("rollout.pause", tr("Pause"), QKeySequence(Qt::Key_P), &RolloutPage::askPauseOrResume);
    addAct("rollout.stepBack", tr("Step back"), QKeySequence(Qt::Key_B), &RolloutPage::askStepBack);
    addAct("rollout.rollback", tr("Roll back"), QKeySequence(Qt::Key_R), &RolloutPage::askRollBack);
    addAct("rollout.retryStep", tr("Try the failed step again"), {}, &RolloutPage::retryStep);
    addAct("rollout.skipStep", tr("Skip the failed step"), {}, &RolloutPage::askSkipStep);
    addAct("rollout.clearStop", tr("Clear the emergency stop of this service"), {}, &RolloutPage::askClearStop,
           tr("Clear the stop"));
    addAct("rollout.comment", tr("Comment"), QKeySequence(Qt::Key_M), &RolloutPage::askComment);
    addAct("rollout.handOver", tr("Hand over"), QKeySequence(Qt::Key_H), &RolloutPage::askHandOver);
    addAct("rollout.why", tr("Why it waits"), QKeySequence(Qt::Key_Y), &RolloutPage::openGates, tr("Why"));
    addAct("rollout.triggers", tr("All triggers"), QKeySequence(Qt::Key_G), &RolloutPage::openTriggers, tr("All"));
    addAct("rollout.checklist", tr("Open the checklist"), QKeySequence(Qt::Key_C), &RolloutPage::openChecklist,
           tr("Open"));
    addAct("rollout.log", tr("Go to the event log"), QKeySequence(Qt::Key_L), &RolloutPage::focusLog);
    addAct("rollout.tables", tr("Show charts as tables"), QKeySequence(Qt::Key_T), &RolloutPage::toggleTables);
    addAct("rollout.next", tr("Next rollout"), QKeySequence(Qt::Key_BracketRight), &RolloutPage::nextRollout);
    addAct("rollout.previous", tr("Previous rollout"), QKeySequence(Qt::Key_BracketLeft),
           &RolloutPage::previousRollout);
    addAct("rollout.command", tr("Copy as command"), {}, &RolloutPage::copyCommand);
    addAct("rollout.history", tr("Open this rollout in History"), QKeySequence(Qt::Key_I), &RolloutPage::openHistory);
}

void RolloutPage::withRollout(const std::function<void(const RolloutMoment&)>& use)
{
    const auto snapshot = context().bridge.latest();
    const engine::RolloutView* view = snapshot ? snapshot->rollout(shownId()) : nullptr;
    if (view != nullptr) use({*view, *snapshot, context().bridge.me(), formats()});
}

void RolloutPage::openHistory()
{
    emit objectAsked(QStringLiteral("history"), m_shown);
}

void RolloutPage::wish(rollout::Command command, const QString& what)
{
    emit wished({std::move(command), what});
}

void RolloutPage::reviewEvidence()
{
    withRollout([this](const RolloutMoment& moment) {
        const EvidenceData evidence = EvidencePresenter::evidence(moment);
        auto* sheet = new EvidenceSheet(evidence, context().guard, context().sheetParent);
        m_evidence = sheet;
        const RolloutId id = moment.state().id;
        const QString act = RolloutPresenter::promoteWords(moment);
        const QString service = moment.service();
        connect(sheet, &EvidenceSheet::approved, this, [this, id, act](const QString& digest, const QString& comment) {
            wish(rollout::Approve{id, utf8(digest), utf8(comment)}, tr("approval: %1").arg(act));
        });
        connect(sheet, &EvidenceSheet::promoted, this, [this, id, act](const QString& comment) {
            wish(rollout::Promote{.rollout = id, .reason = utf8(comment)}, act);
        });
        connect(sheet, &EvidenceSheet::rejected, this, [this, id, service](const QString& reason) {
            wish(rollout::Reject{id, utf8(reason)}, tr("reject %1 and roll it back").arg(service));
        });
        emit sheetAsked(sheet);
    });
}

void RolloutPage::askPauseOrResume()
{
    withRollout([this](const RolloutMoment& moment) {
        const bool paused = moment.state().phase == rollout::Phase::Paused;
        const RolloutId id = moment.state().id;
        const QString act = paused ? tr("Resume %1").arg(moment.service()) : tr("Pause %1").arg(moment.service());
        auto* sheet = new ReasonSheet(
            {.title = tr("%1?").arg(act),
             .intro = paused ? tr("The bake clock goes on where it stopped.")
                             : tr("The traffic stays where it is and the bake clock stops. Triggers stay armed."),
             .prompt = tr("Why? (kept in the audit log)"),
             .button = act},
            context().guard, context().sheetParent);
        connect(sheet, &ReasonSheet::confirmed, this, [this, id, paused, act](const QString& reason) {
            paused ? wish(rollout::Resume{id, utf8(reason)}, act) : wish(rollout::Pause{id, utf8(reason)}, act);
        });
        emit sheetAsked(sheet);
    });
}

void RolloutPage::askStepBack()
{
    withRollout([this](const RolloutMoment& moment) {
        const RolloutId id = moment.state().id;
        const QString act = tr("Step %1 back").arg(moment.service());
        auto* sheet = new ReasonSheet({.title = tr("%1?").arg(act),
                                       .intro = tr("The stage before is entered again and bakes from the start."),
                                       .prompt = tr("Why? (kept in the audit log)"),
                                       .button = act},
                                      context().guard, context().sheetParent);
        connect(sheet, &ReasonSheet::confirmed, this, [this, id, act](const QString& reason) {
            wish(rollout::StepBack{id, utf8(reason)}, act);
        });
        emit sheetAsked(sheet);
    });
}

void RolloutPage::askCancel(const RolloutMoment& moment)
{
    const RolloutId id = moment.state().id;
    const QString act = tr("Cancel the rollout of %1").arg(moment.service());
    auto* sheet = new ReasonSheet({.title = tr("%1?").arg(act),
                                   .intro = tr("Nobody has the new version yet; the canary instances are stopped."),
                                   .prompt = tr("Why? (kept in the audit log)"),
                                   .button = act,
                                   .look = "danger"},
                                  context().guard, context().sheetParent);
    connect(sheet, &ReasonSheet::confirmed, this, [this, id, act](const QString& reason) {
        wish(rollout::Cancel{id, utf8(reason)}, act);
    });
    emit sheetAsked(sheet);
}

void RolloutPage::askHandOver()
{
    const RolloutId id = shownId();
    auto* sheet =
        new ReasonSheet({.title = tr("Hand %1 over").arg(m_service),
                         .intro = tr("Whoever owns a rollout is asked first. Name them as the connections file does."),
                         .prompt = tr("Who takes over?"),
                         .button = tr("Hand over"),
                         .reasonNeeded = true},
                        context().guard, context().sheetParent);
    connect(sheet, &ReasonSheet::confirmed, this, [this, id](const QString& person) {
        wish(rollout::HandOver{.rollout = id, .to = PersonId(utf8(person))},
             tr("hand %1 over to %2").arg(m_service, person));
    });
    emit sheetAsked(sheet);
}

void RolloutPage::askRollBack()
{
    withRollout([this](const RolloutMoment& moment) {
        if (!RolloutPresenter::move(moment, rollout::Move::RollBack).allowed) {
            askCancel(moment);
            return;
        }
        const RollbackPlanData plan = RollbackPresenter::plan(moment);
        const RolloutId id = moment.state().id;
        auto* sheet = new RollbackSheet(plan, context().guard, context().sheetParent);
        const QString act = tr("Roll %1 back to %2").arg(moment.service(), text(moment.state().fromVersion));
        connect(sheet, &RollbackSheet::confirmed, this, [this, id, act](const QString& reason) {
            wish(rollout::RollBack{.rollout = id, .reason = utf8(reason)}, act);
        });
        emit sheetAsked(sheet);
    });
}

void RolloutPage::askComment()
{
    const RolloutId id = shownId();
    auto* sheet = new ReasonSheet({.title = tr("Comment on %1").arg(m_service),
                                   .intro = tr("A note for whoever reads this rollout later."),
                                   .prompt = tr("What should be remembered?"),
                                   .button = tr("Keep the comment"),
                                   .reasonNeeded = true},
                                  context().guard, context().sheetParent);
    connect(sheet, &ReasonSheet::confirmed, this, [this, id](const QString& words) {
        wish(rollout::Comment{id, utf8(words)}, tr("comment on %1").arg(m_service));
    });
    emit sheetAsked(sheet);
}

void RolloutPage::retryStep()
{
    wish(rollout::RetryStep{shownId()}, tr("Try the failed step of %1 again").arg(m_service));
}

void RolloutPage::askSkipStep()
{
    const RolloutId id = shownId();
    auto* sheet = new ReasonSheet({.title = tr("Skip the failed step?"),
                                   .intro = tr("The rollback goes on with the next step. Traffic stays at zero."),
                                   .prompt = tr("Why may it be skipped? (kept in the audit log)"),
                                   .button = tr("Skip the step"),
                                   .reasonNeeded = true},
                                  context().guard, context().sheetParent);
    connect(sheet, &ReasonSheet::confirmed, this, [this, id](const QString& reason) {
        wish(rollout::SkipStep{id, utf8(reason)}, tr("Skip the failed step of %1").arg(m_service));
    });
    emit sheetAsked(sheet);
}

void RolloutPage::askClearStop()
{
    withRollout([this](const RolloutMoment& moment) {
        const TargetId target = moment.state().target;
        const QString act = tr("Clear the emergency stop of %1").arg(moment.service());
        auto* sheet = new ReasonSheet(
            {.title = tr("%1?").arg(act),
             .intro = tr("Rollouts of %1 may start again. What was sent back stays back.").arg(moment.service()),
             .prompt = tr("Why is it over? (kept in the audit log)"),
             .button = act,
             .reasonNeeded = true},
            context().guard, context().sheetParent);
        connect(sheet, &ReasonSheet::confirmed, this, [this, target, act](const QString& reason) {
            wish(rollout::ClearStop{target, utf8(reason)}, act);
        });
        emit sheetAsked(sheet);
    });
}

void RolloutPage::openGates()
{
    withRollout([this](const RolloutMoment& moment) {
        auto* sheet = new GatesSheet(moment.service(), gateRows(moment), context().sheetParent);
        emit sheetAsked(sheet);
    });
}

void RolloutPage::openTriggers()
{
    withRollout([this](const RolloutMoment& moment) {
        const auto all = static_cast<qsizetype>(moment.view.assessment.triggers.size());
        auto* sheet = new TriggersSheet(RolloutPresenter::triggers(moment, all), context().sheetParent);
        emit sheetAsked(sheet);
    });
}

void RolloutPage::openChecklist()
{
    withRollout([this](const RolloutMoment& moment) {
        auto* sheet = new ChecklistSheet(RolloutPresenter::checklist(moment), context().guard, context().sheetParent);
        m_checklist = sheet;
        const RolloutId id = moment.state().id;
        connect(sheet, &ChecklistSheet::ticked, this, [this, id](const QString& item, bool ticked) {
            wish(rollout::TickItem{.rollout = id, .item = utf8(item), .ticked = ticked}, tr("tick “%1”").arg(item));
        });
        emit sheetAsked(sheet);
    });
}

void RolloutPage::focusLog()
{
    m_live->log()->setFocus(Qt::ShortcutFocusReason);
}

void RolloutPage::toggleTables()
{
    m_tables = !m_tables;
    m_live->showTables(m_tables);
    context().actions.setText(QStringLiteral("rollout.tables"),
                              m_tables ? tr("Show tables as charts") : tr("Show charts as tables"));
}

void RolloutPage::copyCommand()
{
    QApplication::clipboard()->setText(m_command);
}

void RolloutPage::nextRollout()
{
    goTo(1);
}

void RolloutPage::previousRollout()
{
    goTo(-1);
}

void RolloutPage::goTo(int step)
{
    const auto snapshot = context().bridge.latest();
    if (!snapshot) return;
    const auto all = byUrgency(*snapshot);
    if (all.empty()) return;
    const auto at = std::ranges::find_if(all, [this](const auto* view) { return view->state.id == shownId(); });
    const auto count = static_cast<int>(all.size());
    const int next = (static_cast<int>(at - all.begin()) + step + count) % count;
    open(text(all[static_cast<size_t>(next)]->state.id.value));
    showSnapshot(*snapshot);
}

} // namespace sluice::ui
