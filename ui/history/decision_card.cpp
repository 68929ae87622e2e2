// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/history/decision_card.h"

#include <QLabel>
#include <QVBoxLayout>

#include "ui/history/decision_presenter.h"
#include "ui/widgets/fact_table.h"

namespace sluice::ui {

DecisionCard::DecisionCard(QWidget* parent)
    : Card(tr("Decision"), parent)
    , m_text(makeWrapped(this, "strong"))
    , m_by(makeWrapped(this, "small"))
    , m_numbers(new FactTable(this))
    , m_note(makeWrapped(this, "small"))
    , m_facts(new FactTable(this))
{
    setObjectName(QStringLiteral("history.decision"));
    m_note->setObjectName(QStringLiteral("history.decision.note"));
    for (QWidget* part : {static_cast<QWidget*>(m_text), static_cast<QWidget*>(m_by), static_cast<QWidget*>(m_numbers),
                          static_cast<QWidget*>(m_note), static_cast<QWidget*>(m_facts)})
        content()->addWidget(part);
    content()->addStretch();
}

void DecisionCard::present(const Decision& decision)
{
    setTitle(tr("Decision %1").arg(decision.version));
    showText(m_text,
             decision.mark.isEmpty() ? decision.text : QStringLiteral("%1 %2").arg(decision.mark, decision.text));
    setTone(m_text, decision.mark.isEmpty() ? Tone::Text : decision.tone);
    showText(m_by, tr("%1, by %2").arg(decision.time, decision.by));
    m_numbers->present(decision.numbers);
    m_numbers->setVisible(!decision.numbers.rows.isEmpty());
    showText(m_note, decision.note);
    m_note->setVisible(!decision.note.isEmpty());
    m_facts->present(decision.facts);
    m_facts->setVisible(!decision.facts.rows.isEmpty());
}

} // namespace sluice::ui
