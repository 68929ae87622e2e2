// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointer>
#include <functional>
#include <memory>

#include "core/rollout/command.h"
#include "ui/shell/page.h"

class QStackedWidget;

namespace sluice::engine {
struct RolloutView;
}

namespace sluice::ui {

class ChecklistSheet;
class EmptyState;
class EvidenceSheet;
class LiveView;
class RollbackView;
class RolloutHeader;
class StageRail;
class StopLine;
class WaitLine;
struct RolloutHeaderData;
struct RolloutMoment;

/// One rollout, live: what it does, why it waits, and the acts one can do to it.
class RolloutPage : public Page {
    Q_OBJECT

public:
    RolloutPage(const PageContext& context, QWidget* parent);

    QString id() const override { return QStringLiteral("rollout"); }
    QString title() const override { return tr("Rollout"); }
    void showSnapshot(const engine::Snapshot& snapshot) override;
    void open(const QString& rolloutId) override;
    QString shownObject() const override { return m_shown; }
    QWidget* firstFocus() override;

private:
    void addActions();
    void addAct(const char* id, const QString& text, const QKeySequence& key, void (RolloutPage::*act)(),
                const QString& shortText = {});
    QWidget* buildBody();
    const engine::RolloutView* choose(const engine::Snapshot& snapshot) const;
    void showRollout(const RolloutMoment& moment);
    void showReturn(const RolloutMoment& moment, const RolloutHeaderData& header);
    void showNothing(const engine::Snapshot& snapshot);
    void enableActs(const RolloutHeaderData& header, const RolloutMoment& moment);
    void updateSheets(const RolloutMoment& moment);

    void reviewEvidence();
    void askPauseOrResume();
    void askStepBack();
    void askRollBack();
    void askCancel(const RolloutMoment& moment);
    void askComment();
    void askHandOver();
    void retryStep();
    void askSkipStep();
    void askClearStop();
    void openGates();
    void openTriggers();
    void openChecklist();
    void focusLog();
    void toggleTables();
    void copyCommand();
    void openHistory();
    void nextRollout();
    void previousRollout();
    void goTo(int step);

    /// Runs `use` on the rollout that is shown, as of the newest picture; nothing when it is gone.
    void withRollout(const std::function<void(const RolloutMoment&)>& use);
    RolloutId shownId() const { return RolloutId(m_shown.toStdString()); }
    void wish(rollout::Command command, const QString& what);

    QString m_wanted{}; ///< chosen by a person; empty = the one that needs somebody most
    QString m_shown{};
    QString m_service{};
    QString m_command{};
    bool m_tables{false};
    RolloutHeader* m_header{nullptr};
    StageRail* m_rail{nullptr};
    WaitLine* m_waits{nullptr};
    StopLine* m_stop{nullptr};
    QStackedWidget* m_body{nullptr};
    LiveView* m_live{nullptr};
    RollbackView* m_return{nullptr};
    EmptyState* m_empty{nullptr};
    QPointer<EvidenceSheet> m_evidence{};
    QPointer<ChecklistSheet> m_checklist{};
};

} // namespace sluice::ui
