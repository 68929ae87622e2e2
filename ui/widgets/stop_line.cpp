// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/stop_line.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>

#include "ui/theme/look.h"
#include "ui/widgets/action_button.h"

namespace sluice::ui {

StopLine::StopLine(QAction* clear, QWidget* parent)
    : QFrame(parent)
    , m_sentence(makeWrapped(this, "body"))
{
    setObjectName(QStringLiteral("stopLine"));
    setLook(this, "waits");
    setTone(this, Tone::Critical);
    setTone(m_sentence, Tone::Critical);
    auto* button = new ActionButton(clear->text(), "danger", this);
    button->setObjectName(QStringLiteral("stopLine.clear"));
    button->follow(clear);
    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(12, 6, 8, 6);
    line->setSpacing(12);
    line->addWidget(m_sentence, 1);
    line->addWidget(button, 0, Qt::AlignVCenter);
    hide();
}

void StopLine::present(const QString& sentence)
{
    showText(m_sentence, sentence);
    setAccessibleName(sentence);
    setVisible(!sentence.isEmpty());
}

} // namespace sluice::ui
