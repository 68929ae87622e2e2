// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/rollout_page.h"

#include <QAction>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "core/engine/snapshot.h"
#include "ui/actions/action_catalog.h"
#include "ui/bridge/engine_bridge.h"
#include "ui/emergency/stop_words.h"
#include "ui/rollout/detail_sheets.h"
#include "ui/rollout/evidence_presenter.h"
#include "ui/rollout/evidence_sheet.h"
#include "ui/rollout/live_rollouts.h"
#include "ui/rollout/live_view.h"
#include "ui/rollout/rollback_presenter.h"
#include "ui/rollout/rollback_view.h"
#include "ui/rollout/rollout_header.h"
#include "ui/rollout/rollout_presenter.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/stage_rail.h"
#include "ui/widgets/stop_line.h"
#include "ui/widgets/wait_line.h"

namespace sluice::ui {

namespace {

constexpr qsizetype kTriggersShown = 5;

QScrollArea* scrolled(QWidget* content, QWidget* parent)
{
    auto* area = new QScrollArea(parent);
    area->setWidgetResizable(true);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setFocusPolicy(Qt::NoFocus);
    area->setWidget(content);
    return area;
}

} // namespace

RolloutPage::RolloutPage(const PageContext& context, QWidget* parent)
    : Page(context, parent)
{
    addActions();
    const ActionCatalog& actions = context.actions;
    m_header = new RolloutHeader(actions, this);
    m_stop = new StopLine(actions.action(QStringLiteral("rollout.clearStop")), this);
    m_rail = new StageRail(this);
    m_waits = new WaitLine(actions.action(QStringLiteral("rollout.why")),
                           actions.action(QStringLiteral("rollout.review")), this);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(18, 13, 18, 13);
    column->setSpacing(11);
    column->addWidget(m_header);
    column->addWidget(m_stop);
    column->addWidget(m_rail);
    column->addWidget(m_waits);
    column->addWidget(buildBody(), 1);
}

QWidget* RolloutPage::buildBody()
{
    m_body = new QStackedWidget(this);
    m_live = new LiveView(context().actions, m_body);
    m_return = new RollbackView(context().actions, m_body);
    m_empty = new EmptyState(m_body);
    m_body->addWidget(scrolled(m_live, m_body));
    m_body->addWidget(scrolled(m_return, m_body));
    m_body->addWidget(m_empty);
    connect(m_empty, &EmptyState::nextAsked, this, [this] { emit pageAsked(QStringLiteral("fleet")); });
    return m_body;
}

QWidget* RolloutPage::firstFocus()
{
    return this;
}

void RolloutPage::open(const QString& rolloutId)
{
    m_wanted = rolloutId;
}

const engine::RolloutView* RolloutPage::choose(const engine::Snapshot& snapshot) const
{
    const engine::RolloutView* wanted = snapshot.rollout(RolloutId(m_wanted.toStdString()));
    if (wanted != nullptr) return wanted;
    // What is on the screen stays there when it ends; nobody wants the page to jump away from the result.
    const engine::RolloutView* shown = snapshot.rollout(shownId());
    if (shown != nullptr) return shown;
    const auto all = byUrgency(snapshot);
    return all.empty() ? nullptr : all.front();
}

void RolloutPage::showSnapshot(const engine::Snapshot& snapshot)
{
    const engine::RolloutView* view = choose(snapshot);
    if (view == nullptr) {
        showNothing(snapshot);
        return;
    }
    showRollout({*view, snapshot, context().bridge.me(), formats()});
}

void RolloutPage::showNothing(const engine::Snapshot& snapshot)
{
    m_shown.clear();
    for (QWidget* part : {static_cast<QWidget*>(m_header), static_cast<QWidget*>(m_stop), static_cast<QWidget*>(m_rail),
                          static_cast<QWidget*>(m_waits)})
        part->hide();
    const bool anyTarget = !snapshot.targets.empty();
    m_empty->present(tr("No rollout is live"),
                     anyTarget
                         ? tr("A rollout appears here as soon as somebody starts one, here or on the command line. "
                              "Finished ones are in History.")
                         : tr("No target is known yet: a connections file names services, proxies and metrics."),
                     tr("Open Fleet"));
    m_body->setCurrentWidget(m_empty);
    for (const char* id :
         {"rollout.pause", "rollout.stepBack", "rollout.promote", "rollout.rollback", "rollout.review", "rollout.why",
          "rollout.triggers", "rollout.checklist", "rollout.command", "rollout.comment", "rollout.handOver",
          "rollout.retryStep", "rollout.skipStep", "rollout.history", "rollout.clearStop"})
        context().actions.setAvailable(QLatin1String(id), false, tr("No rollout is live."));
}

void RolloutPage::showRollout(const RolloutMoment& moment)
{
    m_shown = text(moment.state().id.value);
    m_service = moment.service();
    m_command = QStringLiteral("sluicectl status %1").arg(text(moment.state().target.value));
    m_header->show();
    const QString stop = stopSentence(moment.snapshot, moment.state().target, moment.formats);
    m_stop->present(stop);
    context().actions.setAvailable(QStringLiteral("rollout.clearStop"), !stop.isEmpty(),
                                   tr("No emergency stop is in force on this service."));
    const RolloutHeaderData header = RolloutPresenter::header(moment);
    enableActs(header, moment);
    const bool back = moment.state().rollback.has_value();
    m_rail->setVisible(!back);
    m_waits->setVisible(!back);
    if (back) {
        showReturn(moment, header);
    } else {
        m_header->present(header);
        m_rail->present(RolloutPresenter::rail(moment));
        m_waits->present(RolloutPresenter::waits(moment));
        m_live->presentCharts(RolloutPresenter::charts(moment));
        m_live->presentSide(RolloutPresenter::score(moment), RolloutPresenter::triggers(moment, kTriggersShown),
                            RolloutPresenter::checklist(moment), RolloutPresenter::log(moment));
        m_body->setCurrentIndex(0);
    }
    updateSheets(moment);
}

void RolloutPage::showReturn(const RolloutMoment& moment, const RolloutHeaderData& header)
{
    const RollbackViewData way = RollbackPresenter::progress(moment);
    m_command = way.command;
    m_header->presentReturn(header, way.because);
    m_return->present(way, RolloutPresenter::log(moment));
    // The chart of the metric that caused it, else the first one.
    const QList<MetricChartData> charts = RolloutPresenter::charts(moment);
    const std::string& trigger = moment.state().rollback->trigger;
    const auto cause = std::ranges::find_if(charts, [&trigger](const MetricChartData& chart) {
        return trigger.starts_with(chart.metric.toStdString() + "-");
    });
    if (!charts.isEmpty()) m_return->presentChart(cause == charts.end() ? charts.first() : *cause);
    m_body->setCurrentIndex(1);
}

void RolloutPage::enableActs(const RolloutHeaderData& header, const RolloutMoment& moment)
{
    ActionCatalog& actions = context().actions;
    const auto enable = [&actions](const char* id, const MoveWords& may) {
        actions.setAvailable(QLatin1String(id), may.allowed, may.because);
    };
    actions.setText(QStringLiteral("rollout.pause"), header.pauseText);
    actions.setText(QStringLiteral("rollout.promote"), header.promoteText);
    enable("rollout.pause", header.pause);
    enable("rollout.stepBack", header.stepBack);
    enable("rollout.promote", header.promote);
    actions.setText(QStringLiteral("rollout.rollback"), header.backText);
    enable("rollout.rollback", header.rollBack.allowed ? header.rollBack : header.cancel);
    enable("rollout.handOver", RolloutPresenter::move(moment, rollout::Move::HandOver));
    enable("rollout.review", header.review);
    enable("rollout.comment", RolloutPresenter::move(moment, rollout::Move::Comment));
    enable("rollout.retryStep", RolloutPresenter::move(moment, rollout::Move::RetryStep));
    enable("rollout.skipStep", RolloutPresenter::move(moment, rollout::Move::SkipStep));
    for (const char* id :
         {"rollout.why", "rollout.triggers", "rollout.checklist", "rollout.command", "rollout.history"})
        actions.setAvailable(QLatin1String(id), true);
}

void RolloutPage::updateSheets(const RolloutMoment& moment)
{
    if (m_evidence) m_evidence->present(EvidencePresenter::evidence(moment));
    if (m_checklist) m_checklist->present(RolloutPresenter::checklist(moment));
}

} // namespace sluice::ui
