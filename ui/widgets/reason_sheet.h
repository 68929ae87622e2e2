// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/sheet.h"

class QLineEdit;

namespace sluice::ui {

class ActionButton;
class CommitGuard;

/// Asks for one reason and one specific button: pause, resume, step back, skip a step, comment.
class ReasonSheet : public Sheet {
    Q_OBJECT

public:
    struct Words {
        QString title{};  ///< "Pause checkout?"
        QString intro{};  ///< what will happen
        QString prompt{}; ///< "Why? (kept in the audit log)"
        QString button{}; ///< "Pause checkout"
        const char* look{"primary"};
        bool reasonNeeded{false};
    };
    ReasonSheet(const Words& words, CommitGuard& guard, QWidget* over);

signals:
    void confirmed(const QString& reason);

private:
    QLineEdit* m_reason;
    ActionButton* m_confirm;
};

} // namespace sluice::ui
