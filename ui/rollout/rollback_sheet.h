// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/sheet.h"

class QLineEdit;

namespace sluice::ui {

class ActionButton;
class CommitGuard;
struct RollbackPlanData;

/// The plan of a rollback and one specific button. Towards stable is cheap: no typing is needed.
class RollbackSheet : public Sheet {
    Q_OBJECT

public:
    RollbackSheet(const RollbackPlanData& plan, CommitGuard& guard, QWidget* over);

signals:
    void confirmed(const QString& reason);

private:
    QLineEdit* m_reason;
    ActionButton* m_confirm;
};

} // namespace sluice::ui
