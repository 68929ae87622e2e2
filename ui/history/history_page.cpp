// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/history/history_page.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "core/engine/snapshot.h"
#include "ui/actions/action_catalog.h"
#include "ui/bridge/engine_bridge.h"
#include "ui/history/history_detail.h"
#include "ui/history/history_list.h"
#include "ui/history/timeline_list.h"
#include "ui/widgets/action_button.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/flow_layout.h"

namespace sluice::ui {

namespace {

constexpr int kBesideEachOther = 1120; ///< from this width on one rollout stands beside the list
constexpr int kLineWidth = 360;

/// Which rollouts live and in which phase: the journal's list is read again when this changes.
QString liveKey(const engine::Snapshot& snapshot)
{
    QString key;
    for (const auto& view : snapshot.rollouts)
        key += text(view->state.id.value) + QString::number(view->state.version) + QLatin1Char(' ');
    return key;
}

QWidget* card(QWidget* parent)
{
    auto* frame = new QFrame(parent);
    setLook(frame, "card");
    return frame;
}

} // namespace

HistoryPage::HistoryPage(const PageContext& context, QWidget* parent)
    : Page(context, parent)
{
    addActions();
    QVBoxLayout* column = makeColumn();
    column->addWidget(buildHead());
    column->addWidget(buildBody(), 1);
    column->addWidget(buildFoot());
    updateActions();
    place();
}

QWidget* HistoryPage::buildHead()
{
    auto* head = new QWidget(this);
    m_line = new QLineEdit(head);
    m_line->setObjectName(QStringLiteral("history.filter"));
    m_line->setAccessibleName(tr("Filter"));
    m_line->setPlaceholderText(tr("service:checkout outcome:rolled-back since:30d /"));
    m_line->setToolTip(
        tr("Fields: %1. Words without a field are looked for everywhere; a minus in front turns a word "
           "round, a comma separates alternatives, * stands for anything.")
            .arg(QStringLiteral("service, env, target, version, outcome, by, playbook, id, since, until")));
    m_line->setAccessibleDescription(m_line->toolTip());
    m_line->setMinimumWidth(kLineWidth);
    m_count = makeLabel(head, "pill");
    m_count->setObjectName(QStringLiteral("history.count"));
    m_problem = makeWrapped(head, "small");
    m_problem->setObjectName(QStringLiteral("history.problem"));
    setTone(m_problem, Tone::Critical);
    m_problem->hide();
    auto* verify = new ActionButton({}, "plain", head);
    verify->setObjectName(QStringLiteral("history.verify"));
    verify->follow(context().actions.action(QStringLiteral("history.verify")));
    auto* row = new FlowLayout(nullptr, 12, 8);
    row->addWidget(makeLabel(head, "title", title()));
    row->addWidget(m_line);
    row->addWidget(m_count);
    row->addTrailing(verify);
    auto* column = new QVBoxLayout(head);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    column->addLayout(row);
    column->addWidget(m_problem);
    connect(m_line, &QLineEdit::textChanged, this, &HistoryPage::filterChanged);
    connect(m_line, &QLineEdit::returnPressed, this, [this] { m_list->setFocus(Qt::OtherFocusReason); });
    return head;
}

QWidget* HistoryPage::buildBody()
{
    auto* body = new QWidget(this);
    m_listCard = card(body);
    m_listStack = new QStackedWidget(m_listCard);
    auto* lines = new QWidget(m_listStack);
    m_list = new HistoryList(lines);
    m_more = new ActionButton({}, "link", lines);
    m_more->setObjectName(QStringLiteral("history.more"));
    m_more->follow(context().actions.action(QStringLiteral("history.more")));
    auto* rows = new QVBoxLayout(lines);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->addWidget(m_list, 1);
    rows->addWidget(m_more, 0, Qt::AlignHCenter);
    m_empty = new EmptyState(m_listStack);
    m_listStack->addWidget(lines);
    m_listStack->addWidget(m_empty);
    auto* inside = new QVBoxLayout(m_listCard);
    inside->setContentsMargins(12, 8, 12, 12);
    inside->addWidget(m_listStack);

    m_detailCard = new QWidget(body);
    m_detail = new HistoryDetail(context().actions, m_detailCard);
    auto* around = new QVBoxLayout(m_detailCard);
    around->setContentsMargins(0, 0, 0, 0);
    around->addWidget(m_detail);
    auto* columns = new QHBoxLayout(body);
    columns->setContentsMargins(0, 0, 0, 0);
    columns->setSpacing(12);
    columns->addWidget(m_listCard, 64);
    columns->addWidget(m_detailCard, 36);
    connect(m_list, &HistoryList::chosen, this, &HistoryPage::choose);
    connect(m_list, &HistoryList::opened, this, [this](const QString& id) {
        choose(id);
        setOpened(true);
    });
    connect(m_empty, &EmptyState::nextAsked, this,
            [this] { m_line->text().isEmpty() ? emit pageAsked(QStringLiteral("fleet")) : m_line->clear(); });
    return body;
}

QWidget* HistoryPage::buildFoot()
{
    m_said = makeWrapped(this, "body");
    m_said->setObjectName(QStringLiteral("history.said"));
    m_said->hide();
    return m_said;
}

QWidget* HistoryPage::firstFocus()
{
    return m_opened ? static_cast<QWidget*>(m_detail->timeline()) : m_list;
}

QString HistoryPage::shownObject() const
{
    return m_wanted;
}

void HistoryPage::open(const QString& object)
{
    if (object.contains(QLatin1Char(':'))) {
        setOpened(false);
        m_line->setText(object);
        return;
    }
    choose(object);
    setOpened(true);
}

void HistoryPage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    place();
}

void HistoryPage::place()
{
    m_listCard->setVisible(!m_opened);
    m_detailCard->setVisible(m_opened || width() >= kBesideEachOther);
}

void HistoryPage::setOpened(bool opened)
{
    m_opened = opened;
    m_detail->setOpened(opened);
    place();
    updateActions();
    if (isVisible()) firstFocus()->setFocus(Qt::OtherFocusReason);
}

void HistoryPage::showSnapshot(const engine::Snapshot& snapshot)
{
    const QString live = liveKey(snapshot);
    const bool news = live != m_live;
    m_live = live;
    if (!m_listKnown) {
        m_listKnown = true;
        readFilter(snapshot);
        readList(false);
    } else if (news) {
        readList(false);
        readDetail();
    } else {
        showLive(snapshot);
    }
}

void HistoryPage::showLive(const engine::Snapshot& snapshot)
{
    if (std::ranges::none_of(m_rows, &std::string::empty, &ports::RolloutRow::outcome)) return;
    const TargetNames names = targetNames(snapshot);
    for (size_t i = 0; i < m_rows.size(); ++i)
        if (m_rows[i].outcome.empty()) m_list->renew(static_cast<int>(i), rowOf(m_rows[i], names, snapshot));
}

void HistoryPage::updateActions()
{
    ActionCatalog& actions = context().actions;
    const bool chosen = m_history != nullptr;
    const QString none = tr("No rollout is selected.");
    actions.setAvailable(QStringLiteral("history.open"), chosen && !m_opened,
                         chosen ? tr("It is open already.") : none);
    actions.setAvailable(QStringLiteral("history.back"), m_opened, tr("The list is shown already."));
    actions.setAvailable(QStringLiteral("history.export"), chosen, none);
    actions.setAvailable(QStringLiteral("history.all"), chosen, none);
    actions.setAvailable(QStringLiteral("history.more"), m_after.has_value(), tr("The journal holds no older ones."));
    actions.setAvailable(QStringLiteral("history.verify"), !m_verifying, tr("The chain is being verified."));
    m_more->setVisible(m_after.has_value());
}

void HistoryPage::say(const QString& words, Tone tone)
{
    showText(m_said, words);
    setTone(m_said, tone);
    m_said->setVisible(!words.isEmpty());
}

} // namespace sluice::ui
