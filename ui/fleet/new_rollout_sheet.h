// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <functional>

#include "ui/fleet/start_presenter.h"
#include "ui/shell/sheet.h"

class QCheckBox;
class QComboBox;
class QGridLayout;
class QLabel;
class QLineEdit;

namespace sluice::ui {

class ActionButton;
class CommitGuard;

/// Asks what to release where, and shows the plan as it would be before anything is asked of the engine. Stays open
/// with the reason when the engine refuses.
class NewRolloutSheet : public Sheet {
    Q_OBJECT

public:
    using Plan = std::function<StartPlan(const StartForm&)>;
    struct Choice {
        QString target{};
        QString words{};
        QStringList playbooks{}; ///< its own first
    };
    /// `chosen`: target to begin with.
    NewRolloutSheet(QList<Choice> choices, const QString& chosen, Plan plan, CommitGuard& guard, QWidget* over);

    /// The engine said no.
    void showRefusal(const QString& why);

signals:
    void startAsked(const sluice::ui::StartPlan& plan);

private:
    void build();
    QLineEdit* makeField(const char* name, const QString& words);
    void targetChosen();
    void showPlan();
    void showSettings(const QMap<QString, QString>& settings);
    StartForm form() const;

    QList<Choice> m_choices;
    Plan m_plan;
    StartPlan m_shown{};
    QComboBox* m_target;
    QLineEdit* m_version;
    QComboBox* m_playbook;
    QLineEdit* m_note;
    QCheckBox* m_supersede;
    QWidget* m_settingsBox;
    QGridLayout* m_settings;
    QList<QLineEdit*> m_values{};
    QLabel* m_problem;
    QLabel* m_lines;
    FactTable* m_stages;
    ActionButton* m_start;
};

} // namespace sluice::ui

Q_DECLARE_METATYPE(sluice::ui::StartPlan)
