// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QList>

#include "ui/rollout/gate_words.h"
#include "ui/shell/sheet.h"
#include "ui/widgets/checklist_panel.h"
#include "ui/widgets/trigger_panel.h"

class QCheckBox;

namespace sluice::ui {

class ActionButton;
class CommitGuard;
class FactTable;

/// Something to read, with a button to close it.
class ReadingSheet : public Sheet {
    Q_OBJECT

public:
    ReadingSheet(const QString& title, QWidget* over);

protected:
    void addClose();

private:
    ActionButton* m_close;
};

/// All gates of the stage: required, observed, expected end, who can unblock.
class GatesSheet : public ReadingSheet {
    Q_OBJECT

public:
    GatesSheet(const QString& service, const QList<GateRow>& gates, QWidget* over);
};

/// All triggers with margin, time to fire, cooldown and what resets them.
class TriggersSheet : public ReadingSheet {
    Q_OBJECT

public:
    TriggersSheet(const TriggerPanelData& triggers, QWidget* over);
};

/// Ticks the items of a checklist.
class ChecklistSheet : public ReadingSheet {
    Q_OBJECT

public:
    ChecklistSheet(const ChecklistData& list, CommitGuard& guard, QWidget* over);
    /// A tick that was asked for shows as asked until a picture says that it is done.
    void present(const ChecklistData& list);

signals:
    void ticked(const QString& item, bool ticked);

private:
    void addBox(const ChecklistData::Item& item, CommitGuard& guard);
    void ask(const QString& item, bool on);

    QHash<QString, QCheckBox*> m_boxes{};
    QString m_cannotTick{};
};

} // namespace sluice::ui
