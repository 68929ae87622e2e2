// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/reason_sheet.h"

#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>

#include "ui/actions/commit_guard.h"
#include "ui/theme/look.h"
#include "ui/widgets/action_button.h"
#include "ui/widgets/flow_layout.h"

namespace sluice::ui {

namespace {

constexpr int kReasonAtMost = 500;

} // namespace

ReasonSheet::ReasonSheet(const Words& words, CommitGuard& guard, QWidget* over)
    : Sheet(words.title, over)
    , m_reason(new QLineEdit(this))
    , m_confirm(new ActionButton(words.button, words.look, this))
{
    setObjectName(QStringLiteral("sheet.reason"));
    setPreferredWidth(520);
    QLabel* intro = makeWrapped(this, "body", words.intro);
    setTone(intro, Tone::Second);
    m_reason->setObjectName(QStringLiteral("reason.text"));
    m_reason->setAccessibleName(words.prompt);
    m_reason->setPlaceholderText(words.prompt);
    m_reason->setMaxLength(kReasonAtMost);
    auto* cancel = new ActionButton(tr("Cancel"), "plain", this);
    cancel->setObjectName(QStringLiteral("reason.cancel"));
    cancel->setKeyHint(tr("Esc"));
    m_confirm->setObjectName(QStringLiteral("reason.confirm"));
    m_confirm->guardedBy(guard);
    auto* row = new FlowLayout(nullptr, 10, 6);
    row->addTrailing(cancel);
    row->addTrailing(m_confirm);
    content()->addWidget(intro);
    content()->addWidget(m_reason);
    footer()->addLayout(row);
    if (qstrcmp(words.look, "primary") == 0) setDefaultButton(m_confirm);

    const bool needed = words.reasonNeeded;
    const auto refresh = [this, needed] {
        m_confirm->setAvailable(!needed || !m_reason->text().trimmed().isEmpty(), tr("A reason is needed."));
    };
    refresh();
    connect(m_reason, &QLineEdit::textChanged, this, refresh);
    connect(cancel, &QPushButton::clicked, this, &Sheet::closeSheet);
    connect(m_confirm, &QPushButton::clicked, this, [this] {
        emit confirmed(m_reason->text().trimmed());
        closeSheet();
    });
}

} // namespace sluice::ui
