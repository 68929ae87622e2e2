// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QList>
#include <QString>

#include "ui/rollout/rollout_presenter.h"
#include "ui/widgets/fact_table.h"

namespace sluice::ui {

/// What an approver must see before saying yes, and what the yes is bound to.
struct EvidenceData {
    bool asksApproval{true}; ///< false: everything holds and the next stage waits for a promotion
    QString title{};         ///< "Promote checkout to 25 %?"
    QString corner{};        ///< "stage 3 of 5"
    QString intro{};
    FactTableData facts{};
    struct Check {
        QString text{};
        Tone tone{Tone::Ok};
    };
    QList<Check> checks{};
    QString needs{};  ///< roles, people, how many are given
    QString prompt{}; ///< what the comment is for
    QString accept{}; ///< "Approve as engineering lead", "Promote checkout to 25 %"
    MoveWords mayAccept{};
    MoveWords mayReject{};
    QString digest{}; ///< of the evidence; the approval dies with it
};

struct EvidencePresenter {
    Q_DECLARE_TR_FUNCTIONS(EvidencePresenter)

public:
    static EvidenceData evidence(const RolloutMoment& moment);
    /// Role in which this person may approve now, or why not.
    static MoveWords mayApprove(const RolloutMoment& moment, std::string* role);
};

} // namespace sluice::ui
