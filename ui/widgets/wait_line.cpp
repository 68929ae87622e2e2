// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/wait_line.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>

#include "ui/widgets/action_button.h"
#include "ui/widgets/flow_layout.h"

namespace sluice::ui {

WaitLine::WaitLine(QAction* why, QAction* review, QWidget* parent)
    : QFrame(parent)
    , m_row(new FlowLayout(nullptr, 18, 2))
    , m_lead(makeLabel(this, "strong"))
    , m_why(new ActionButton(why->text(), "link", this))
    , m_review(new ActionButton(review->text(), "link", this))
{
    setObjectName(QStringLiteral("waits"));
    setLook(this, "waits");
    m_why->setObjectName(QStringLiteral("waits.why"));
    m_review->setObjectName(QStringLiteral("waits.review"));
    m_why->follow(why);
    m_review->follow(review);
    m_row->addWidget(m_lead);
    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(12, 3, 8, 3);
    line->addLayout(m_row, 1);
    line->addWidget(m_why, 0, Qt::AlignVCenter);
    line->addWidget(m_review, 0, Qt::AlignVCenter);
}

void WaitLine::present(const WaitLineData& waits)
{
    setTone(this, waits.tone);
    setAccessibleName(waits.lead);
    if (accessibleDescription() != waits.sentence) setAccessibleDescription(waits.sentence);
    showText(m_lead, waits.lead);
    setTone(m_lead, waits.tone == Tone::Second ? Tone::Text : waits.tone);
    while (m_parts.size() > waits.parts.size())
        delete m_parts.takeLast();
    for (qsizetype i = 0; i < waits.parts.size(); ++i) {
        if (i == m_parts.size()) {
            m_parts.append(makeLabel(this, "body"));
            m_row->addWidget(m_parts.last());
            m_parts.last()->show();
        }
        showText(m_parts.at(i), waits.parts.at(i).text);
        setTone(m_parts.at(i), waits.parts.at(i).tone);
    }
    m_review->setVisible(m_review->isEnabled());
}

} // namespace sluice::ui
