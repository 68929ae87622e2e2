// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QString>

class QLabel;
class QVBoxLayout;

namespace sluice::ui {

/// A panel with a small heading and something at the heading's end.
class Card : public QFrame {
    Q_OBJECT

public:
    Card(const QString& title, QWidget* parent);

    QVBoxLayout* content() const { return m_content; }
    void setTitle(const QString& title);
    QLabel* corner() const { return m_corner; }
    void addToHead(QWidget* widget);

private:
    QLabel* m_title;
    QLabel* m_corner;
    QVBoxLayout* m_content;
    class FlowLayout* m_head;
};

} // namespace sluice::ui
