// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;

namespace sluice::ui {

class ActionButton;
class ActionCatalog;
struct RolloutHeaderData;

/// Which release is where, how it is doing, and the acts one can do to it.
class RolloutHeader : public QWidget {
    Q_OBJECT

public:
    /// Follows the actions rollout.pause, .stepBack, .promote, .rollback, .command and emergency.arm.
    RolloutHeader(const ActionCatalog& actions, QWidget* parent);

    void present(const RolloutHeaderData& header);
    /// While it goes back: versions swap places, only copying the command is offered. `because` says why it does.
    void presentReturn(const RolloutHeaderData& header, const QString& because);

private:
    void showTitle(const RolloutHeaderData& header);
    ActionButton* addButton(const ActionCatalog& actions, const char* action, const char* look);

    QLabel* m_service;
    QLabel* m_environment;
    QLabel* m_from;
    QLabel* m_to;
    QLabel* m_badge;
    QLabel* m_progress;
    QWidget* m_buttons;
    QList<ActionButton*> m_acts{};
    ActionButton* m_command;
};

} // namespace sluice::ui
