// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/rollback_sheet.h"

#include <QFrame>
#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>

#include "ui/actions/commit_guard.h"
#include "ui/rollout/rollback_presenter.h"
#include "ui/theme/look.h"
#include "ui/widgets/action_button.h"
#include "ui/widgets/fact_table.h"
#include "ui/widgets/flow_layout.h"

namespace sluice::ui {

RollbackSheet::RollbackSheet(const RollbackPlanData& plan, CommitGuard& guard, QWidget* over)
    : Sheet(plan.title, over)
    , m_reason(new QLineEdit(this))
    , m_confirm(new ActionButton(plan.button, "danger", this))
{
    setObjectName(QStringLiteral("sheet.rollback"));
    setPreferredWidth(600);
    QLabel* intro = makeWrapped(this, "body", plan.intro);
    setTone(intro, Tone::Second);
    auto* steps = new FactTable(this);
    steps->present(plan.steps);
    m_reason->setObjectName(QStringLiteral("rollback.reason"));
    m_reason->setAccessibleName(tr("Reason"));
    m_reason->setPlaceholderText(tr("Why? (may stay empty; kept in the audit log)"));
    auto* cancel = new ActionButton(tr("Cancel"), "plain", this);
    cancel->setObjectName(QStringLiteral("rollback.cancel"));
    cancel->setKeyHint(tr("Esc"));
    m_confirm->setObjectName(QStringLiteral("rollback.confirm"));
    m_confirm->setAvailable(plan.may.allowed, plan.may.because);
    m_confirm->guardedBy(guard);
    auto* row = new FlowLayout(nullptr, 10, 6);
    row->addTrailing(cancel);
    row->addTrailing(m_confirm);

    content()->addWidget(intro);
    content()->addWidget(steps);
    content()->addWidget(makeWrapped(this, "small", plan.total));
    if (!plan.risk.isEmpty()) {
        QLabel* risk = makeWrapped(this, "small", plan.risk);
        setTone(risk, Tone::Warning);
        content()->addWidget(risk);
    }
    content()->addWidget(m_reason);
    footer()->addLayout(row);
    connect(cancel, &QPushButton::clicked, this, &Sheet::closeSheet);
    connect(m_confirm, &QPushButton::clicked, this, [this] {
        emit confirmed(m_reason->text().trimmed());
        closeSheet();
    });
}

} // namespace sluice::ui
