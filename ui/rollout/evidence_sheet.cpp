// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/evidence_sheet.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>

#include "ui/actions/commit_guard.h"
#include "ui/rollout/evidence_presenter.h"
#include "ui/theme/look.h"
#include "ui/widgets/action_button.h"
#include "ui/widgets/fact_table.h"
#include "ui/widgets/flow_layout.h"

namespace sluice::ui {

namespace {

constexpr int kCommentAtMost = 500; ///< characters; the journal keeps every one of them

} // namespace

EvidenceSheet::EvidenceSheet(const EvidenceData& evidence, CommitGuard& guard, QWidget* over)
    : Sheet(evidence.title, over)
    , m_asksApproval(evidence.asksApproval)
    , m_digest(evidence.digest)
    , m_intro(makeWrapped(this, "body"))
    , m_facts(new FactTable(this))
    , m_checks(new QWidget(this))
    , m_checkRow(new FlowLayout(m_checks, 18, 4))
    , m_needs(makeWrapped(this, "body"))
    , m_blocked(makeWrapped(this, "small"))
    , m_hint(makeWrapped(this, "small"))
    , m_comment(new QLineEdit(this))
    , m_reject(new ActionButton(tr("Reject and roll back"), "danger", this))
    , m_notYet(new ActionButton(tr("Not yet"), "plain", this))
    , m_accept(new ActionButton(evidence.accept, "primary", this))
{
    setObjectName(QStringLiteral("sheet.evidence"));
    setPreferredWidth(660);
    setTone(m_intro, Tone::Second);
    setTone(m_needs, Tone::Second);
    m_comment->setObjectName(QStringLiteral("evidence.comment"));
    m_comment->setAccessibleName(evidence.prompt);
    m_comment->setPlaceholderText(evidence.prompt);
    m_hint->setObjectName(QStringLiteral("evidence.hint"));
    m_comment->setMaxLength(kCommentAtMost);
    content()->addWidget(m_intro);
    content()->addWidget(m_facts);
    content()->addWidget(m_checks);
    content()->addWidget(m_needs);
    footer()->addWidget(m_comment);
    footer()->addWidget(m_hint);
    footer()->addWidget(m_blocked);
    buildButtons(guard);
    connect(m_comment, &QLineEdit::textChanged, this, &EvidenceSheet::refreshButtons);
    present(evidence);
}

void EvidenceSheet::buildButtons(CommitGuard& guard)
{
    m_reject->setObjectName(QStringLiteral("evidence.reject"));
    m_notYet->setObjectName(QStringLiteral("evidence.notYet"));
    m_accept->setObjectName(QStringLiteral("evidence.accept"));
    m_notYet->setKeyHint(tr("Esc"));
    m_reject->guardedBy(guard);
    m_accept->guardedBy(guard);
    auto* row = new FlowLayout(nullptr, 10, 6);
    row->addWidget(m_reject);
    row->addTrailing(m_notYet);
    row->addTrailing(m_accept);
    footer()->addLayout(row);
    setDefaultButton(m_accept);
    connect(m_notYet, &QPushButton::clicked, this, &Sheet::closeSheet);
    connect(m_reject, &QPushButton::clicked, this, [this] {
        emit rejected(m_comment->text().trimmed());
        closeSheet();
    });
    connect(m_accept, &QPushButton::clicked, this, [this] {
        const QString comment = m_comment->text().trimmed();
        m_asksApproval ? emit approved(m_digest, comment) : emit promoted(comment);
        closeSheet();
    });
}

void EvidenceSheet::showChecks(const EvidenceData& evidence)
{
    while (m_checkLabels.size() > evidence.checks.size())
        delete m_checkLabels.takeLast();
    for (qsizetype i = 0; i < evidence.checks.size(); ++i) {
        if (i == m_checkLabels.size()) {
            m_checkLabels.append(makeLabel(m_checks, "small"));
            m_checkRow->addWidget(m_checkLabels.last());
            m_checkLabels.last()->show();
        }
        showText(m_checkLabels.at(i), evidence.checks.at(i).text);
        setTone(m_checkLabels.at(i), evidence.checks.at(i).tone);
    }
}

void EvidenceSheet::present(const EvidenceData& evidence)
{
    m_changed = m_changed || evidence.digest != m_digest || evidence.asksApproval != m_asksApproval;
    if (m_changed) {
        // Keep what was read; only say that it is no longer what an approval would stand for.
        m_mayAccept = false;
        m_whyNotAccept = tr("The evidence has changed since this was opened. Close it and review again.");
        refreshButtons();
        return;
    }
    setTitle(evidence.title);
    setCorner(evidence.corner);
    showText(m_intro, evidence.intro);
    m_facts->present(evidence.facts);
    showChecks(evidence);
    showText(m_needs, evidence.needs);
    m_needs->setVisible(!evidence.needs.isEmpty());
    m_accept->setText(evidence.accept);
    m_mayAccept = evidence.mayAccept.allowed;
    m_whyNotAccept = evidence.mayAccept.because;
    m_mayReject = evidence.mayReject.allowed;
    m_whyNotReject = evidence.mayReject.because;
    refreshButtons();
}

void EvidenceSheet::refreshButtons()
{
    const bool commented = !m_comment->text().trimmed().isEmpty();
    const bool mayAccept = m_mayAccept && (commented || !m_asksApproval);
    m_accept->setAvailable(mayAccept, m_mayAccept ? tr("Write down why it is safe to go on.") : m_whyNotAccept);
    m_reject->setAvailable(m_mayReject && commented,
                           m_mayReject ? tr("Write down why it is rejected.") : m_whyNotReject);
    // Why a button is grey is said in the open, not only in a tool tip.
    showText(m_blocked, m_mayAccept ? QString() : m_whyNotAccept);
    setTone(m_blocked, Tone::Warning);
    m_blocked->setVisible(!m_mayAccept);
    QString hint = m_mayReject ? QString() : m_whyNotReject;
    if (!commented && m_mayReject)
        hint = m_mayAccept && m_asksApproval ? tr("An approval needs a comment, and so does a rejection.")
                                             : tr("A rejection needs a comment.");
    showText(m_hint, hint == m_blocked->text() ? QString() : hint);
    m_hint->setVisible(!m_hint->text().isEmpty());
}

} // namespace sluice::ui
