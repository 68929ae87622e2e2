// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/look.h"

#include <QEvent>
#include <QFrame>
#include <QLabel>
#include <QStyle>
#include <QVariant>
#include <QWidget>

#include "ui/theme/palette.h"

namespace sluice::ui {

namespace {

void setPolished(QWidget* widget, const char* property, const char* value)
{
    const QVariant wanted = QString::fromLatin1(value);
    if (widget->property(property) == wanted) return;
    widget->setProperty(property, wanted);
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
    widget->update();
}

const char* toneName(Tone tone)
{
    switch (tone) {
    case Tone::Text: return "text";
    case Tone::Second: return "second";
    case Tone::Third: return "third";
    case Tone::Stable: return "stable";
    case Tone::Canary: return "canary";
    case Tone::Ok: return "ok";
    case Tone::Warning: return "warning";
    case Tone::Critical: return "critical";
    }
    return "text";
}

/// QLabel aligns by the direction of its text, so a Latin sentence would stay at the left of a mirrored window.
class Label : public QLabel {
public:
    Label(const QString& text, QWidget* parent)
        : QLabel(text, parent)
    {
        place();
    }
    void setSide(Qt::Alignment side)
    {
        m_side = side;
        place();
    }

protected:
    void changeEvent(QEvent* event) override
    {
        QLabel::changeEvent(event);
        if (event->type() == QEvent::LayoutDirectionChange) place();
    }

private:
    void place() { setAlignment(QStyle::visualAlignment(layoutDirection(), m_side)); }

    Qt::Alignment m_side{Qt::AlignLeft | Qt::AlignVCenter};
};

} // namespace

QString toneMark(Tone tone)
{
    switch (tone) {
    case Tone::Ok: return QStringLiteral("✓");
    case Tone::Warning: return QStringLiteral("▲");
    case Tone::Critical: return QStringLiteral("◆");
    case Tone::Text:
    case Tone::Second:
    case Tone::Third:
    case Tone::Stable:
    case Tone::Canary: return {};
    }
    return {};
}

QColor toneColour(const Palette& palette, Tone tone)
{
    switch (tone) {
    case Tone::Text: return palette.text;
    case Tone::Second: return palette.second;
    case Tone::Third: return palette.third;
    case Tone::Stable: return palette.stable;
    case Tone::Canary: return palette.canary;
    case Tone::Ok: return palette.ok;
    case Tone::Warning: return palette.warning;
    case Tone::Critical: return palette.critical;
    }
    return palette.text;
}

void setLook(QWidget* widget, const char* look)
{
    widget->setAttribute(Qt::WA_StyledBackground);
    setPolished(widget, "look", look);
}

void setTone(QWidget* widget, Tone tone)
{
    setPolished(widget, "tone", toneName(tone));
}

QLabel* makeLabel(QWidget* parent, const char* look, const QString& text)
{
    auto* label = new Label(text, parent);
    label->setTextFormat(Qt::PlainText);
    setLook(label, look);
    return label;
}

QLabel* makeWrapped(QWidget* parent, const char* look, const QString& text)
{
    QLabel* label = makeLabel(parent, look, text);
    label->setWordWrap(true);
    return label;
}

void setSide(QLabel* label, Qt::Alignment side)
{
    if (auto* own = dynamic_cast<Label*>(label)) own->setSide(side);
}

void showText(QLabel* label, const QString& text)
{
    if (label->text() != text) label->setText(text);
}

QWidget* makeRule(QWidget* parent)
{
    auto* rule = new QFrame(parent);
    setLook(rule, "rule");
    return rule;
}

} // namespace sluice::ui
