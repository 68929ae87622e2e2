// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/sheet.h"

class QLineEdit;
class QLabel;

namespace sluice::ui {

class ActionButton;
class CommitGuard;
class FactTable;
class FlowLayout;
struct EvidenceData;

/// Evidence before consent: approve or promote, reject and roll back, or not yet. What is accepted is the evidence
/// that the sheet opened with; when it changes underneath, the sheet says so and accepts nothing any more.
class EvidenceSheet : public Sheet {
    Q_OBJECT

public:
    EvidenceSheet(const EvidenceData& evidence, CommitGuard& guard, QWidget* over);

    void present(const EvidenceData& evidence);

signals:
    void approved(const QString& digest, const QString& comment);
    void promoted(const QString& comment);
    void rejected(const QString& reason);

private:
    void buildButtons(CommitGuard& guard);
    void showChecks(const EvidenceData& evidence);
    void refreshButtons();

    bool m_asksApproval;
    bool m_changed{false};
    QString m_digest;
    bool m_mayAccept{false};
    bool m_mayReject{false};
    QString m_whyNotAccept{};
    QString m_whyNotReject{};
    QLabel* m_intro;
    FactTable* m_facts;
    QWidget* m_checks;
    FlowLayout* m_checkRow;
    QList<QLabel*> m_checkLabels{};
    QLabel* m_needs;
    QLabel* m_blocked;
    QLabel* m_hint; ///< what a comment would open
    QLineEdit* m_comment;
    ActionButton* m_reject;
    ActionButton* m_notYet;
    ActionButton* m_accept;
};

} // namespace sluice::ui
