// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointer>
#include <QWidget>

class QFrame;
class QLabel;
class QScrollArea;
class QVBoxLayout;

namespace sluice::ui {

class ActionButton;

/// A dialog inside the window: a card over a scrim. Not a modal QDialog, because application shortcuts (the emergency
/// keys) are dead while one of those is open. Keeps the keyboard inside, closes on Esc, gives the focus back.
///
/// Tab goes through it as people read: row after row, from the leading edge to the trailing one, the content before the
/// footer. It begins with the first, so whatever commits has to be laid out last.
class Sheet : public QWidget {
    Q_OBJECT

public:
    /// Covers `over` and follows its size. `title` is also the accessible name.
    Sheet(const QString& title, QWidget* over);

    /// Where the content goes.
    QVBoxLayout* content() const { return m_content; }
    void setTitle(const QString& title);
    void setPreferredWidth(int px);
    /// Small round text at the title's end, e.g. "stage 3 of 5".
    void setCorner(const QString& text);
    void open();

    /// What commits stands here, under the content: it stays in sight while the content scrolls.
    QVBoxLayout* footer() const { return m_footer; }
    /// Return in a one-line field presses this button. Never for what destroys: there a person presses the button
    /// itself. A key that is held down presses nothing.
    void setDefaultButton(ActionButton* button);

public slots:
    /// Hides and deletes itself.
    void closeSheet();

signals:
    void closed();

protected:
    bool event(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool focusNextPrevChild(bool next) override;

private:
    void placeCard();
    QList<QWidget*> stops() const;
    QList<QWidget*> stopsIn(const QWidget* part) const;
    void focus(QWidget* stop, Qt::FocusReason reason);

    QFrame* m_card;
    QScrollArea* m_scroll;
    QWidget* m_body;
    QVBoxLayout* m_content;
    QWidget* m_edge; ///< between the content and the footer, while the content scrolls
    QWidget* m_foot;
    QVBoxLayout* m_footer;
    QLabel* m_title;
    QLabel* m_corner;
    QPointer<ActionButton> m_default{};
    QPointer<QWidget> m_focusBefore{};
    int m_width{640};
};

/// Takes plain keys for whatever has the focus inside, before a shortcut of the page below sees them: Enter belongs to
/// the field, letters to the text. Escape stays a shortcut, so that it disarms before it closes.
void keepPlainKeys(QEvent* event);

} // namespace sluice::ui
