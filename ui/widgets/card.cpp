// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/card.h"

#include <QLabel>
#include <QVBoxLayout>

#include "ui/theme/look.h"
#include "ui/widgets/flow_layout.h"

namespace sluice::ui {

Card::Card(const QString& title, QWidget* parent)
    : QFrame(parent)
    , m_title(makeLabel(this, "head", title))
    , m_corner(makeLabel(this, "mono"))
    , m_content(new QVBoxLayout)
    , m_head(new FlowLayout(nullptr, 8, 2))
{
    setLook(this, "card");
    setAccessibleName(title);
    m_head->addWidget(m_title);
    m_head->addTrailing(m_corner);
    m_corner->hide();
    m_content->setSpacing(6);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 9, 12, 10);
    column->setSpacing(7);
    column->addLayout(m_head);
    column->addLayout(m_content, 1);
}

void Card::setTitle(const QString& title)
{
    showText(m_title, title);
    if (accessibleName() != title) setAccessibleName(title);
}

void Card::addToHead(QWidget* widget)
{
    m_head->addTrailing(widget);
}

} // namespace sluice::ui
