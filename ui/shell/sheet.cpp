// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/sheet.h"

#include <QApplication>
#include <QFrame>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/theme/look.h"
#include "ui/theme/palette.h"
#include "ui/widgets/action_button.h"

namespace sluice::ui {

namespace {

constexpr int kPadding = 22;
constexpr int kGap = 14;  ///< between two parts
constexpr int kEdge = 24; ///< least distance between the card and the window

/// Row after row, in a row from the leading edge on. Who has his middle above the lower edge of a row's highest belongs
/// to that row.
void sortAsRead(QList<QWidget*>& widgets, const QWidget* inside)
{
    const auto place = [inside](const QWidget* widget) {
        return QRect(widget->mapTo(inside, QPoint(0, 0)), widget->size());
    };
    const auto leading = [&place, inside](const QWidget* widget) {
        return inside->isLeftToRight() ? place(widget).left() : -place(widget).right();
    };
    std::ranges::stable_sort(widgets, {}, [&place](const QWidget* widget) { return place(widget).top(); });
    for (auto row = widgets.begin(); row != widgets.end();) {
        const int lower = place(*row).bottom();
        const auto next =
            std::find_if(row, widgets.end(), [&](const QWidget* widget) { return place(widget).center().y() > lower; });
        std::stable_sort(row, next, [&leading](const QWidget* a, const QWidget* b) { return leading(a) < leading(b); });
        row = next;
    }
}

} // namespace

Sheet::Sheet(const QString& title, QWidget* over)
    : QWidget(over)
    , m_card(new QFrame(this))
    , m_scroll(new QScrollArea(m_card))
    , m_body(new QWidget)
    , m_content(new QVBoxLayout)
    , m_edge(makeRule(m_card))
    , m_foot(new QWidget(m_card))
    , m_footer(new QVBoxLayout(m_foot))
    , m_title(makeWrapped(m_body, "sheetTitle", title))
    , m_corner(makeLabel(m_body, "pill"))
{
    setObjectName(QStringLiteral("sheet"));
    setAccessibleName(title);
    setLook(m_card, "sheet");
    m_corner->hide();

    auto* head = new QHBoxLayout;
    head->setSpacing(12);
    head->addWidget(m_title, 1);
    head->addWidget(m_corner, 0, Qt::AlignVCenter);
    auto* column = new QVBoxLayout(m_body);
    column->setContentsMargins(kPadding, kPadding, kPadding, kGap);
    column->setSpacing(kGap);
    column->addLayout(head);
    m_content->setSpacing(kGap);
    column->addLayout(m_content);

    // The content scrolls when the window is low; nothing is ever cut off.
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->setWidget(m_body);
    m_scroll->viewport()->setAutoFillBackground(false);
    m_scroll->setStyleSheet(
        QStringLiteral("QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: 0; }"));
    auto* frame = new QVBoxLayout(m_card);
    frame->setContentsMargins(0, 0, 0, 0);
    frame->setSpacing(0);
    frame->addWidget(m_scroll);
    frame->addWidget(m_edge);
    frame->addWidget(m_foot);
    m_edge->hide();
    m_footer->setContentsMargins(kPadding, 0, kPadding, kPadding);
    m_footer->setSpacing(kGap);

    over->installEventFilter(this);
    m_body->installEventFilter(this);
    m_foot->installEventFilter(this);
    setGeometry(over->rect());
    hide();
}

void Sheet::setTitle(const QString& title)
{
    showText(m_title, title);
    setAccessibleName(title);
}

void Sheet::setPreferredWidth(int px)
{
    m_width = px;
    placeCard();
}

void Sheet::setCorner(const QString& text)
{
    showText(m_corner, text);
    m_corner->setVisible(!text.isEmpty());
}

void Sheet::open()
{
    m_focusBefore = QApplication::focusWidget();
    setGeometry(parentWidget()->rect());
    show();
    raise();
    placeCard();
    const QList<QWidget*> all = stops();
    if (!all.isEmpty()) focus(all.first(), Qt::OtherFocusReason);
}

void Sheet::focus(QWidget* stop, Qt::FocusReason reason)
{
    stop->setFocus(reason);
    if (m_body->isAncestorOf(stop)) m_scroll->ensureWidgetVisible(stop);
}

void Sheet::setDefaultButton(ActionButton* button)
{
    m_default = button;
    button->setKeyHint(tr("Enter"));
}

void Sheet::closeSheet()
{
    if (isHidden()) return;
    hide();
    if (m_focusBefore) m_focusBefore->setFocus(Qt::OtherFocusReason);
    emit closed();
    deleteLater();
}

void keepPlainKeys(QEvent* event)
{
    if (event->type() != QEvent::ShortcutOverride) return;
    const auto* key = static_cast<QKeyEvent*>(event);
    const bool plain = (key->modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier)) == 0;
    if (plain && key->key() != Qt::Key_Escape) event->accept();
}

bool Sheet::event(QEvent* event)
{
    keepPlainKeys(event);
    return QWidget::event(event);
}

bool Sheet::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == parentWidget() && event->type() == QEvent::Resize) setGeometry(parentWidget()->rect());
    if ((watched == m_body || watched == m_foot) && event->type() == QEvent::LayoutRequest) placeCard();
    return QWidget::eventFilter(watched, event);
}

void Sheet::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape) {
        closeSheet();
        return;
    }
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    const bool plain = (event->modifiers() & ~Qt::KeypadModifier) == Qt::NoModifier;
    const bool inField = qobject_cast<QLineEdit*>(QApplication::focusWidget()) != nullptr;
    if (enter && plain && inField && m_default && !event->isAutoRepeat()) {
        m_default->click();
        return;
    }
    QWidget::keyPressEvent(event);
}

void Sheet::mousePressEvent(QMouseEvent* event)
{
    event->accept(); // The scrim swallows clicks; it never closes by accident.
}

void Sheet::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.fillRect(rect(), colours(this).scrim);
}

void Sheet::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    placeCard();
}

void Sheet::placeCard()
{
    const int width = std::min(m_width, this->width() - 2 * kEdge);
    const auto heightOf = [width](const QWidget* part) {
        QLayout* layout = part->layout();
        layout->activate();
        return layout->hasHeightForWidth() ? layout->totalHeightForWidth(width - 2) : part->sizeHint().height();
    };
    const int highest = this->height() - 2 * kEdge;
    const int buttons = heightOf(m_foot) - m_footer->contentsMargins().top();
    const int wanted = heightOf(m_body) + buttons + 2;
    const bool empty = m_footer->isEmpty();
    const bool scrolls = wanted > highest && !empty;
    m_edge->setVisible(scrolls);
    m_footer->setContentsMargins(kPadding, scrolls ? kGap : 0, kPadding, empty ? kPadding - kGap : kPadding);
    m_foot->setFixedHeight(heightOf(m_foot));
    const int height = std::min(wanted, highest);
    const QRect place((this->width() - width) / 2, (this->height() - height) / 2, width, height);
    if (place == m_card->geometry()) return;
    m_card->setGeometry(place);
    m_card->layout()->activate();
    if (QWidget* at = QApplication::focusWidget(); at != nullptr && m_body->isAncestorOf(at))
        m_scroll->ensureWidgetVisible(at);
}

QList<QWidget*> Sheet::stopsIn(const QWidget* part) const
{
    QList<QWidget*> out;
    for (QWidget* at = nextInFocusChain(); at != this; at = at->nextInFocusChain())
        if (part->isAncestorOf(at) && at->isVisible() && at->isEnabled() && (at->focusPolicy() & Qt::TabFocus) != 0)
            out.append(at);
    sortAsRead(out, this);
    return out;
}

QList<QWidget*> Sheet::stops() const
{
    return stopsIn(m_body) + stopsIn(m_foot);
}

bool Sheet::focusNextPrevChild(bool next)
{
    const QList<QWidget*> all = stops();
    if (all.isEmpty()) return true;
    const qsizetype at = all.indexOf(QApplication::focusWidget());
    const qsizetype step = next ? 1 : -1;
    const qsizetype to = at < 0 ? 0 : (at + step + all.size()) % all.size();
    focus(all.at(to), next ? Qt::TabFocusReason : Qt::BacktabFocusReason);
    return true;
}

} // namespace sluice::ui
