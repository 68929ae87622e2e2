// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/rollout_header.h"

#include <QAction>
#include <QLabel>

#include "ui/actions/action_catalog.h"
#include "ui/rollout/rollout_presenter.h"
#include "ui/theme/look.h"
#include "ui/widgets/action_button.h"
#include "ui/widgets/flow_layout.h"

namespace sluice::ui {

RolloutHeader::RolloutHeader(const ActionCatalog& actions, QWidget* parent)
    : QWidget(parent)
    , m_service(makeLabel(this, "title"))
    , m_environment(makeLabel(this, "pill"))
    , m_from(makeLabel(this, "mono"))
    , m_to(makeLabel(this, "mono"))
    , m_badge(makeLabel(this, "pill"))
    , m_progress(makeLabel(this, "body"))
    , m_buttons(new QWidget(this))
{
    setObjectName(QStringLiteral("rollout.header"));
    m_badge->setAccessibleName(tr("Rollout state"));
    setTone(m_from, Tone::Second);
    setTone(m_progress, Tone::Third);
    auto* versions = new QWidget(this);
    versions->setLayoutDirection(Qt::LeftToRight); // from → to reads the same in every language
    auto* pair = new FlowLayout(versions, 6, 0);
    pair->addWidget(m_from);
    pair->addWidget(m_to);

    auto* acts = new FlowLayout(m_buttons, 10, 6);
    m_acts = {addButton(actions, "rollout.pause", "plain"), addButton(actions, "rollout.stepBack", "plain"),
              addButton(actions, "rollout.promote", "primary"), addButton(actions, "rollout.rollback", "danger"),
              addButton(actions, "emergency.arm", "dangerStrong")};
    for (ActionButton* button : m_acts)
        acts->addWidget(button);
    m_command = addButton(actions, "rollout.command", "plain");
    acts->addWidget(m_command);

    auto* row = new FlowLayout(this, 10, 8);
    for (QWidget* part : {static_cast<QWidget*>(m_service), static_cast<QWidget*>(m_environment), versions,
                          static_cast<QWidget*>(m_badge), static_cast<QWidget*>(m_progress)})
        row->addWidget(part);
    row->addTrailing(m_buttons);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

ActionButton* RolloutHeader::addButton(const ActionCatalog& actions, const char* action, const char* look)
{
    QAction* followed = actions.action(QLatin1String(action));
    auto* button = new ActionButton(followed->text(), look, m_buttons);
    button->setObjectName(QLatin1String("header.") + QLatin1String(action));
    button->follow(followed);
    // Long keys belong into the key sheet; on a button they would be longer than its text.
    if (followed->shortcut().toString().size() > 1) button->setKeyShown(false);
    return button;
}

void RolloutHeader::showTitle(const RolloutHeaderData& header)
{
    showText(m_service, header.service);
    showText(m_environment, header.environment);
    showText(m_badge, header.badge);
    setTone(m_badge, header.badgeTone);
}

void RolloutHeader::present(const RolloutHeaderData& header)
{
    showTitle(header);
    showText(m_from, header.fromVersion + QStringLiteral(" →"));
    showText(m_to, header.toVersion);
    setTone(m_to, Tone::Canary);
    showText(m_progress, header.progress);
    for (ActionButton* button : m_acts)
        button->show();
    m_command->hide();
}

void RolloutHeader::presentReturn(const RolloutHeaderData& header, const QString& because)
{
    showTitle(header);
    showText(m_from, header.toVersion + QStringLiteral(" →"));
    showText(m_to, header.fromVersion);
    setTone(m_to, Tone::Second);
    showText(m_progress, because);
    for (ActionButton* button : m_acts)
        button->hide();
    m_command->show();
}

} // namespace sluice::ui
