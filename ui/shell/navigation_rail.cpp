// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/navigation_rail.h"

#include <QAction>
#include <QLabel>
#include <QVBoxLayout>

#include "ui/theme/look.h"
#include "ui/widgets/action_button.h"

namespace sluice::ui {

namespace {

constexpr int kWidth = 196;

} // namespace

NavigationRail::NavigationRail(QWidget* parent)
    : QFrame(parent)
    , m_pages(new QVBoxLayout)
    , m_foot(new QVBoxLayout)
{
    setObjectName(QStringLiteral("navigation"));
    setAccessibleName(tr("Pages"));
    setLook(this, "rail");
    setMinimumWidth(kWidth);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(10, 14, 10, 12);
    column->setSpacing(0);
    QLabel* brand = makeLabel(this, "brand", QStringLiteral("Sluice"));
    brand->setContentsMargins(10, 0, 0, 14);
    column->addWidget(brand);
    m_pages->setSpacing(2);
    m_foot->setSpacing(2);
    column->addLayout(m_pages);
    column->addStretch();
    column->addLayout(m_foot);
}

ActionButton* NavigationRail::makeButton(QAction* action)
{
    auto* button = new ActionButton(action->text(), "rail", this);
    button->follow(action);
    button->setObjectName(QStringLiteral("rail.") + action->objectName());
    return button;
}

void NavigationRail::addPage(const QString& page, QAction* action)
{
    ActionButton* button = makeButton(action);
    button->setCheckable(true);
    // The click asks for the page; only the page that is really shown is marked.
    connect(button, &QPushButton::clicked, this, [this] { setCurrent(m_current); });
    m_pages->addWidget(button);
    m_entries.append({page, button});
}

void NavigationRail::addAtFoot(QAction* action)
{
    m_foot->addWidget(makeButton(action));
}

void NavigationRail::setCurrent(const QString& page)
{
    m_current = page;
    for (const Entry& entry : m_entries)
        entry.button->setChecked(entry.page == page);
}

} // namespace sluice::ui
