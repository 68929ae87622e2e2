// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/empty_state.h"

#include <QLabel>
#include <QVBoxLayout>

#include "ui/theme/look.h"
#include "ui/widgets/action_button.h"

namespace sluice::ui {

namespace {

constexpr int kLine = 460; ///< text lines longer than this are hard to read

} // namespace

EmptyState::EmptyState(QWidget* parent)
    : QWidget(parent)
    , m_title(makeWrapped(this, "subtitle"))
    , m_why(makeWrapped(this, "body"))
    , m_next(new ActionButton({}, "primary", this))
{
    setTone(m_why, Tone::Second);
    m_title->setAlignment(Qt::AlignHCenter);
    m_why->setAlignment(Qt::AlignHCenter);
    m_title->setFixedWidth(kLine);
    m_why->setFixedWidth(kLine);
    m_next->setObjectName(QStringLiteral("empty.next"));
    auto* column = new QVBoxLayout(this);
    column->setSpacing(12);
    column->addStretch();
    column->addWidget(m_title, 0, Qt::AlignHCenter);
    column->addWidget(m_why, 0, Qt::AlignHCenter);
    column->addWidget(m_next, 0, Qt::AlignHCenter);
    column->addStretch();
    connect(m_next, &QPushButton::clicked, this, &EmptyState::nextAsked);
}

void EmptyState::present(const QString& title, const QString& why, const QString& next)
{
    showText(m_title, title);
    showText(m_why, why);
    if (m_next->text() != next) m_next->setText(next);
    m_next->setAccessibleName(next);
    m_next->setVisible(!next.isEmpty());
}

} // namespace sluice::ui
