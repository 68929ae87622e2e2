// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;

namespace sluice::ui {

class ActionButton;

/// What belongs here, why it is empty, and the one next thing to do.
class EmptyState : public QWidget {
    Q_OBJECT

public:
    explicit EmptyState(QWidget* parent);
    void present(const QString& title, const QString& why, const QString& next);

signals:
    void nextAsked();

private:
    QLabel* m_title;
    QLabel* m_why;
    ActionButton* m_next;
};

} // namespace sluice::ui
