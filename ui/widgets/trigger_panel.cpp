// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/trigger_panel.h"

#include <QAction>
#include <QGridLayout>
#include <QLabel>
#include <QVBoxLayout>

#include "ui/widgets/action_button.h"

namespace sluice::ui {

TriggerPanel::TriggerPanel(QAction* all, QWidget* parent)
    : Card(tr("Rollback triggers"), parent)
    , m_grid(new QGridLayout)
{
    setObjectName(QStringLiteral("triggers"));
    auto* button = new ActionButton(all->text(), "link", this);
    button->setObjectName(QStringLiteral("triggers.all"));
    button->follow(all);
    addToHead(button);
    m_grid->setHorizontalSpacing(10);
    m_grid->setVerticalSpacing(7);
    m_grid->setColumnStretch(0, 1);
    content()->addLayout(m_grid);
}

void TriggerPanel::present(const TriggerPanelData& triggers)
{
    setTitle(triggers.title);
    while (m_rows.size() > triggers.rows.size()) {
        const Row row = m_rows.takeLast();
        delete row.condition;
        delete row.state;
    }
    while (m_rows.size() < triggers.rows.size()) {
        const int at = static_cast<int>(m_rows.size());
        const Row row{makeWrapped(this, "small"), makeLabel(this, "small")};
        m_grid->addWidget(row.condition, at, 0, Qt::AlignTop);
        m_grid->addWidget(row.state, at, 1, Qt::AlignTop | Qt::AlignRight);
        m_rows.append(row);
    }
    for (qsizetype i = 0; i < triggers.rows.size(); ++i) {
        const auto& row = triggers.rows.at(i);
        showText(m_rows.at(i).condition, row.condition);
        setTone(m_rows.at(i).condition, Tone::Second);
        showText(m_rows.at(i).state, row.state);
        setTone(m_rows.at(i).state, row.tone);
        m_rows.at(i).condition->setToolTip(row.detail);
        m_rows.at(i).state->setToolTip(row.detail);
    }
}

} // namespace sluice::ui
