// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/empty_state.h"

#include <QHBoxLayout>
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
    setSide(m_title, Qt::AlignHCenter);
    setSide(m_why, Qt::AlignHCenter);
    m_next->setObjectName(QStringLiteral("empty.next"));
    auto* words = new QWidget(this);
    words->setFixedWidth(kLine);
    auto* lines = new QVBoxLayout(words);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setSpacing(12);
    lines->addWidget(m_title);
    lines->addWidget(m_why);
    lines->addWidget(m_next, 0, Qt::AlignHCenter);
    auto* middle = new QHBoxLayout;
    middle->addStretch();
    middle->addWidget(words);
    middle->addStretch();
    auto* column = new QVBoxLayout(this);
    column->addStretch();
    column->addLayout(middle);
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
