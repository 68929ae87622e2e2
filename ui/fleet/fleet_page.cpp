// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/fleet_page.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QStackedLayout>
#include <QVBoxLayout>

#include "ui/actions/action_catalog.h"
#include "ui/bridge/engine_bridge.h"
#include "ui/bridge/wish.h"
#include "ui/fleet/fleet_table.h"
#include "ui/fleet/new_rollout_sheet.h"
#include "ui/theme/look.h"
#include "ui/widgets/action_button.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/flow_layout.h"
#include "ui/widgets/reason_sheet.h"

namespace sluice::ui {

namespace {

constexpr int kFilterWidth = 240;
constexpr int kChips = 4; // kinds of chips that fleet() makes

} // namespace

FleetPage::FleetPage(const PageContext& context, QWidget* parent)
    : Page(context, parent)
    , m_head(new FlowLayout(nullptr, 10, 6))
    , m_count(makeLabel(this, "pill"))
    , m_filter(new QLineEdit(this))
    , m_clear(new ActionButton({}, "danger", this))
    , m_table(new FleetTable(this))
    , m_empty(new EmptyState(this))
    , m_stack(new QStackedLayout)
{
    addActions();
    build();
    m_table->setAccessibleName(tr("Services"));
    connect(m_table, &FleetTable::rolloutAsked, this, &FleetPage::rolloutAsked);
    connect(m_filter, &QLineEdit::textChanged, this, &FleetPage::showRows);
    connect(m_filter, &QLineEdit::returnPressed, m_table, [this] { m_table->setFocus(Qt::OtherFocusReason); });
    connect(m_empty, &EmptyState::nextAsked, m_filter, &QLineEdit::clear);
    connect(&this->context().bridge, &EngineBridge::answered, this, &FleetPage::answered);
}

void FleetPage::addActions()
{
    ActionCatalog& actions = context().actions;
    const QString group = tr("Fleet");
    actions.add({.id = QStringLiteral("fleet.new"),
                 .text = tr("New rollout"),
                 .group = group,
                 .keys = {QKeySequence(Qt::Key_N)},
                 .page = id()},
                [this] { openNewRollout(); });
    actions.add({.id = QStringLiteral("fleet.filter"),
                 .text = tr("Filter the services"),
                 .group = group,
                 .keys = {QKeySequence(Qt::Key_Slash), QKeySequence(Qt::Key_F)},
                 .page = id()},
                [this] { m_filter->setFocus(Qt::ShortcutFocusReason); });
    actions.add({.id = QStringLiteral("fleet.history"),
                 .text = tr("Past rollouts of this service"),
                 .group = group,
                 .keys = {QKeySequence(Qt::Key_I)},
                 .page = id()},
                [this] {
                    const QString target = m_table->current();
                    if (!target.isEmpty())
                        emit objectAsked(QStringLiteral("history"), QStringLiteral("target:%1").arg(target));
                });
    actions.add({.id = QStringLiteral("fleet.clearStop"),
                 .text = tr("Clear the emergency stop"),
                 .group = group,
                 .keys = {},
                 .page = id()},
                [this] { askClearStop(); });
}

void FleetPage::build()
{
    m_filter->setObjectName(QStringLiteral("fleet.filter"));
    m_filter->setAccessibleName(tr("Filter"));
    m_filter->setPlaceholderText(tr("Filter… /"));
    m_filter->setClearButtonEnabled(false);
    m_filter->setMinimumWidth(kFilterWidth);
    auto* start = new ActionButton({}, "plain", this);
    start->setObjectName(QStringLiteral("fleet.new"));
    start->follow(context().actions.action(QStringLiteral("fleet.new")));
    auto* stop = new ActionButton({}, "dangerStrong", this);
    stop->setObjectName(QStringLiteral("fleet.stopAll"));
    stop->setKeyShown(false);
    stop->follow(context().actions.action(QStringLiteral("emergency.armAll")));
    m_clear->setObjectName(QStringLiteral("fleet.clearStop"));
    m_clear->follow(context().actions.action(QStringLiteral("fleet.clearStop")));
    m_clear->hide();

    m_head->addWidget(makeLabel(this, "title", title()));
    m_head->addWidget(m_count);
    for (int at = 0; at < kChips; ++at) {
        auto* chip = new ActionButton({}, "chip", this);
        chip->setObjectName(QStringLiteral("fleet.chip.%1").arg(at));
        chip->setToolTip(tr("Open the first one"));
        connect(chip, &QPushButton::clicked, this, [this, at] { emit rolloutAsked(m_shown.chips.at(at).rollout); });
        m_head->addWidget(chip);
        m_chips.append(chip);
    }
    for (QWidget* widget : {static_cast<QWidget*>(m_filter), static_cast<QWidget*>(m_clear),
                            static_cast<QWidget*>(start), static_cast<QWidget*>(stop)})
        m_head->addTrailing(widget);
    auto* card = new QFrame(this);
    setLook(card, "card");
    m_stack->addWidget(m_table);
    m_stack->addWidget(m_empty);
    auto* inside = new QVBoxLayout(card);
    inside->setContentsMargins(12, 6, 12, 12);
    inside->addLayout(m_stack);
    QVBoxLayout* column = makeColumn();
    column->addLayout(m_head);
    column->addWidget(card, 1);
}

QWidget* FleetPage::firstFocus()
{
    return m_table;
}

void FleetPage::showSnapshot(const engine::Snapshot& snapshot)
{
    m_shown = fleet(snapshot, context().bridge.me(), formats());
    showText(m_count, m_shown.count);
    showChips(m_shown.chips);
    m_clear->setVisible(m_shown.anyStopped);
    context().actions.setAvailable(QStringLiteral("fleet.clearStop"), m_shown.anyStopped,
                                   tr("No emergency stop is in force."));
    context().actions.setAvailable(QStringLiteral("fleet.new"), !m_shown.rows.isEmpty(),
                                   tr("The connections file names no service yet."));
    showRows();
    if (m_expect.isEmpty() || snapshot.rollout(RolloutId(utf8(m_expect))) == nullptr) return;
    const QString rollout = m_expect;
    m_expect.clear();
    emit rolloutAsked(rollout);
}

void FleetPage::showRows()
{
    const QList<FleetRow> rows = filtered(m_shown.rows, m_filter->text());
    m_table->present(rows, m_shown.lineTitle);
    m_stack->setCurrentIndex(rows.isEmpty() ? 1 : 0);
    if (!rows.isEmpty()) return;
    if (m_shown.rows.isEmpty())
        m_empty->present(tr("No services yet"),
                         tr("Services stand in the connections file with their proxies and their metrics. Open the "
                            "console with --connections FILE, or look at a simulated fleet with --demo."),
                         {});
    else
        m_empty->present(tr("No service fits “%1”").arg(m_filter->text()),
                         tr("The filter looks at names, environments, states, versions, owners and what is waited "
                            "for; every word has to occur."),
                         tr("Clear the filter"));
}

void FleetPage::showChips(const QList<FleetChip>& chips)
{
    for (qsizetype at = 0; at < m_chips.size(); ++at) {
        ActionButton* button = m_chips.at(at);
        button->setVisible(at < chips.size());
        if (at >= chips.size()) continue;
        if (button->text() != chips.at(at).text) button->setText(chips.at(at).text);
        setTone(button, chips.at(at).tone);
    }
}

void FleetPage::openNewRollout()
{
    const auto snapshot = context().bridge.latest();
    if (!snapshot) return;
    QList<NewRolloutSheet::Choice> choices;
    for (const FleetRow& row : m_shown.rows)
        choices.append({row.target, tr("%1 in %2, %3").arg(row.service, row.environment, row.version),
                        StartPresenter::playbooks(*snapshot, row.target)});
    const auto plan = [this](const StartForm& form) {
        const auto now = context().bridge.latest();
        return StartPresenter::plan(form, *now, formats());
    };
    auto* sheet = new NewRolloutSheet(choices, m_table->current(), plan, context().guard, context().sheetParent);
    m_start = sheet;
    connect(sheet, &NewRolloutSheet::startAsked, this, [this](const StartPlan& wanted) {
        m_asked = wanted.title;
        emit wished({wanted.command, wanted.title});
    });
    emit sheetAsked(sheet);
}

void FleetPage::answered(const QString& what, bool accepted, const QString& detail)
{
    if (what != m_asked || m_asked.isEmpty()) return;
    m_asked.clear();
    if (!accepted) {
        if (m_start) m_start->showRefusal(detail);
        return;
    }
    m_expect = detail;
    if (m_start) m_start->closeSheet();
}

void FleetPage::askClearStop()
{
    const QString act = tr("Clear the emergency stop");
    auto* sheet =
        new ReasonSheet({.title = tr("%1?").arg(act),
                         .intro = tr("Rollouts may start again on every service. What was sent back stays back."),
                         .prompt = tr("Why is it over? (kept in the audit log)"),
                         .button = act,
                         .reasonNeeded = true},
                        context().guard, context().sheetParent);
    connect(sheet, &ReasonSheet::confirmed, this, [this, act](const QString& reason) {
        emit wished({rollout::ClearStop{{}, utf8(reason)}, act});
    });
    emit sheetAsked(sheet);
}

} // namespace sluice::ui
