// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/rollback_view.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

#include "ui/actions/action_catalog.h"
#include "ui/charts/metric_chart.h"
#include "ui/rollout/rollback_presenter.h"
#include "ui/theme/look.h"
#include "ui/widgets/action_button.h"
#include "ui/widgets/card.h"
#include "ui/widgets/event_log.h"
#include "ui/widgets/fact_table.h"
#include "ui/widgets/flow_layout.h"
#include "ui/widgets/meter.h"

namespace sluice::ui {

RollbackView::RollbackView(const ActionCatalog& actions, QWidget* parent)
    : QWidget(parent)
    , m_columns(new QHBoxLayout(this))
    , m_headline(makeWrapped(this, "subtitle"))
    , m_clock(makeLabel(this, "monoBig"))
    , m_ofAbout(makeLabel(this, "body"))
    , m_meter(new Meter(this))
    , m_steps(new FactTable(this))
    , m_notice(makeWrapped(this, "small"))
    , m_promise(new Card(tr("Promise"), this))
    , m_value(makeLabel(this, "big"))
    , m_text(makeWrapped(this, "small"))
    , m_times(makeWrapped(this, "small"))
    , m_proof(new FactTable(this))
    , m_chart(new MetricChart(this))
    , m_log(new EventLog(tr("Event log"), this))
{
    setTone(m_ofAbout, Tone::Third);
    setTone(m_notice, Tone::Third);
    // The page decides the width, whatever the columns would like: place() makes them fit.
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_columns->setContentsMargins(0, 0, 0, 0);
    m_columns->setSpacing(12);
    auto* left = new QVBoxLayout;
    left->setSpacing(10);
    left->addWidget(buildSteps(actions));
    left->addWidget(m_log, 1);
    m_columns->addLayout(left, 65);
    m_columns->addWidget(buildSide(), 35);
}

void RollbackView::place()
{
    const int needed = m_columns->itemAt(0)->minimumSize().width() + m_columns->spacing() +
                       m_columns->itemAt(1)->minimumSize().width();
    m_columns->setDirection(needed > width() ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
}

void RollbackView::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    place();
}

QWidget* RollbackView::buildSteps(const ActionCatalog& actions)
{
    auto* card = new QFrame(this);
    setLook(card, "card");
    auto* head = new QHBoxLayout;
    head->setSpacing(10);
    head->addWidget(m_headline, 1);
    head->addWidget(m_clock);
    head->addWidget(m_ofAbout);
    m_retry = new ActionButton(tr("Try the step again"), "primary", card);
    m_retry->setObjectName(QStringLiteral("rollback.retry"));
    m_retry->follow(actions.action(QStringLiteral("rollout.retryStep")));
    m_skip = new ActionButton(tr("Skip the step"), "plain", card);
    m_skip->setObjectName(QStringLiteral("rollback.skip"));
    m_skip->follow(actions.action(QStringLiteral("rollout.skipStep")));
    auto* acts = new FlowLayout(nullptr, 10, 6);
    acts->addWidget(m_retry);
    acts->addWidget(m_skip);

    auto* column = new QVBoxLayout(card);
    column->setContentsMargins(20, 16, 20, 16);
    column->setSpacing(12);
    column->addLayout(head);
    column->addWidget(m_meter);
    column->addWidget(m_steps);
    column->addWidget(m_notice);
    column->addLayout(acts);
    return card;
}

QWidget* RollbackView::buildSide()
{
    auto* side = new QWidget(this);
    auto* figures = new FlowLayout(nullptr, 12, 2);
    figures->addWidget(m_value);
    m_promise->content()->addLayout(figures);
    m_promise->content()->addWidget(m_text);
    m_promise->content()->addWidget(m_times);
    auto* proof = new Card(tr("Proof"), side);
    proof->content()->addWidget(m_proof);
    auto* column = new QVBoxLayout(side);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(10);
    column->addWidget(m_promise);
    column->addWidget(proof);
    column->addWidget(m_chart, 1);
    m_chart->setMinimumHeight(160);
    return side;
}

void RollbackView::present(const RollbackViewData& rollback, const EventLogData& log)
{
    showText(m_headline, rollback.headline);
    setTone(m_headline, rollback.headlineTone);
    showText(m_clock, rollback.clock);
    showText(m_ofAbout, rollback.ofAbout);
    m_meter->present(rollback.progressPpm, Tone::Canary);
    m_steps->present(rollback.steps);
    showText(m_notice, rollback.notice);
    m_retry->setVisible(rollback.failed);
    m_skip->setVisible(rollback.failed);
    m_promise->setTitle(rollback.promiseTitle);
    showText(m_value, rollback.promiseValue);
    setTone(m_value, rollback.promiseTone);
    showText(m_text, rollback.promiseText);
    showText(m_times, rollback.promiseTimes);
    m_proof->present(rollback.proof);
    m_log->present(log);
    place();
}

void RollbackView::presentChart(const MetricChartData& chart)
{
    m_chart->present(chart);
}

} // namespace sluice::ui
