// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/checklist_panel.h"

#include <QAction>
#include <QLabel>
#include <QVBoxLayout>

#include "ui/widgets/action_button.h"

namespace sluice::ui {

namespace {

constexpr qsizetype kOpenShown = 3; ///< the sheet shows all

} // namespace

ChecklistPanel::ChecklistPanel(QAction* open, QWidget* parent)
    : Card(tr("Checklist"), parent)
    , m_open(makeWrapped(this, "small"))
{
    setObjectName(QStringLiteral("checklist"));
    corner()->show();
    auto* button = new ActionButton(open->text(), "link", this);
    button->setObjectName(QStringLiteral("checklist.open"));
    button->follow(open);
    addToHead(button);
    content()->addWidget(m_open);
}

void ChecklistPanel::present(const ChecklistData& list)
{
    setVisible(!list.items.isEmpty());
    setTitle(list.title);
    showText(corner(), list.counter);
    setTone(corner(), list.complete ? Tone::Ok : Tone::Warning);
    QStringList open;
    for (const auto& item : list.items)
        if (!item.ticked && open.size() < kOpenShown) open << QStringLiteral("◌ ") + item.text;
    showText(m_open, open.join(QLatin1Char('\n')));
    m_open->setVisible(!open.isEmpty());
}

} // namespace sluice::ui
