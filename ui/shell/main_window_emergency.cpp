// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAction>
#include <QStackedWidget>

#include "core/engine/snapshot.h"
#include "ui/actions/action_catalog.h"
#include "ui/bridge/engine_bridge.h"
#include "ui/bridge/text.h"
#include "ui/bridge/wish.h"
#include "ui/emergency/emergency_strip.h"
#include "ui/shell/main_window.h"
#include "ui/shell/notice.h"

// The frame's emergency: its keys, its strip and what came of firing.

namespace sluice::ui {

void MainWindow::buildEmergency()
{
    delete m_emergency;
    m_emergency = new EmergencyStrip(*m_guard, this);
    const auto add = [this](const char* id, const QString& text, const QList<QKeySequence>& keys, auto run) {
        const ActionSpec spec{
            .id = QLatin1String(id), .text = text, .group = tr("Emergency"), .keys = keys, .overSheets = true};
        return m_actions->add(spec, run);
    };
    add("emergency.arm", tr("Emergency"), {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_R)},
        [this] { armEmergency(false); });
    add("emergency.armAll", tr("Emergency stop all"), {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_E)},
        [this] { armEmergency(true); });
    add("emergency.fire", tr("Fire the armed emergency"),
        {QKeySequence(Qt::CTRL | Qt::Key_Return), QKeySequence(Qt::CTRL | Qt::Key_Enter)},
        [this] { m_emergency->fire(); });
    add("emergency.disarm", tr("Disarm the emergency"), {QKeySequence(Qt::Key_Escape)},
        [this] { m_emergency->disarm(); });
    const auto enable = [this](bool armed) {
        const QString why = armed ? QString() : tr("The emergency strip is not armed.");
        m_actions->setAvailable(QStringLiteral("emergency.fire"), armed, why);
        m_actions->setAvailable(QStringLiteral("emergency.disarm"), armed, why);
        m_actions->setArmed(armed);
    };
    enable(false);
    connect(m_emergency, &EmergencyStrip::armedChanged, this, enable);
    connect(m_emergency, &EmergencyStrip::fireAsked, this, [this](const QString& id) {
        fireEmergency({rollout::EmergencyRollback{RolloutId(utf8(id)), {}}, tr("emergency rollback"), true});
    });
    connect(m_emergency, &EmergencyStrip::stopAllAsked, this, [this] {
        fireEmergency({rollout::EmergencyStop{}, tr("emergency stop of everything live"), true});
    });
    connect(m_emergency, &EmergencyStrip::clearStopAsked, this, [this](const QString& id) {
        id.isEmpty() ? showPage(QStringLiteral("fleet")) : showObject(QStringLiteral("rollout"), id);
        m_actions->trigger(id.isEmpty() ? QStringLiteral("fleet.clearStop") : QStringLiteral("rollout.clearStop"));
    });
    connect(m_emergency, &EmergencyStrip::reasonGiven, this, [this](const QString& id, const QString& reason) {
        submit({rollout::Comment{RolloutId(utf8(id)), utf8(reason)}, tr("reason of the emergency rollback")});
    });
}

void MainWindow::armEmergency(bool all)
{
    const auto snapshot = m_bridge.latest();
    if (snapshot) presentEmergency(*snapshot);
    auto* current = qobject_cast<Page*>(m_stack->currentWidget());
    m_emergency->prefer(current == nullptr ? QString() : current->shownObject());
    placeEmergency();
    all ? m_emergency->armAll() : m_emergency->arm();
}

void MainWindow::presentEmergency(const engine::Snapshot& snapshot)
{
    m_emergency->present(EmergencyPresenter::targets(snapshot, m_formats), EmergencyPresenter::held(snapshot));
}

void MainWindow::placeEmergency()
{
    const QPoint top = m_stack->mapTo(this, QPoint(0, 0));
    m_emergency->placeOver(QRect(top, m_stack->size()));
}

void MainWindow::fireEmergency(const Wish& wish)
{
    const auto snapshot = m_bridge.latest();
    m_firedBeside = snapshot && snapshot->engine.role != engine::EngineStatus::Role::Driver;
    submit(wish);
}

/// Nobody accepted what was sent beside an engine: what was read back is told, in the strip while it is there.
void MainWindow::showEmergencyAnswer(const QString& what, bool accepted, const QString& detail)
{
    if (!m_firedBeside) {
        if (!accepted) m_emergency->showAnswer(false, detail);
        // Its own words: it may have ceased to drive just now, and sent it itself.
        accepted ? m_notice->say(detail, false) : showAnswer(what, accepted, detail);
    } else if (m_emergency->showAnswer(accepted, detail)) {
        m_notice->dismiss();
    } else {
        m_notice->say((accepted ? tr("✓ %1") : tr("◆ %1")).arg(detail), !accepted);
    }
}

} // namespace sluice::ui
