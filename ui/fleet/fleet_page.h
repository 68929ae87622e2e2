// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QPointer>

#include "ui/fleet/fleet_presenter.h"
#include "ui/shell/page.h"

class QLabel;
class QLineEdit;
class QStackedLayout;

namespace sluice::ui {

class ActionButton;
class EmptyState;
class FleetTable;
class FlowLayout;
class NewRolloutSheet;

/// All targets, those that need a person first: what waits for me and as whom, a filter, a new rollout, the stop of
/// everything. Enter opens what is live there.
class FleetPage : public Page {
    Q_OBJECT

public:
    FleetPage(const PageContext& context, QWidget* parent);

    QString id() const override { return QStringLiteral("fleet"); }
    QString title() const override { return tr("Fleet"); }
    void showSnapshot(const engine::Snapshot& snapshot) override;
    QWidget* firstFocus() override;

private:
    void addActions();
    void build();
    void showRows();
    void showChips(const QList<FleetChip>& chips);
    void openNewRollout();
    void askClearStop();
    void answered(const QString& what, bool accepted, const QString& detail);

    FleetData m_shown{};
    QList<ActionButton*> m_chips{};
    QPointer<NewRolloutSheet> m_start{};
    QString m_asked{};  ///< what the sheet asked for
    QString m_expect{}; ///< the rollout to open as soon as a picture has it
    FlowLayout* m_head;
    QLabel* m_count;
    QLineEdit* m_filter;
    ActionButton* m_clear;
    FleetTable* m_table;
    EmptyState* m_empty;
    QStackedLayout* m_stack;
};

} // namespace sluice::ui
