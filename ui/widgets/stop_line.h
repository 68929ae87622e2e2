// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QString>

class QAction;
class QLabel;

namespace sluice::ui {

/// An emergency stop in force, and the way to end it. Hidden while there is none.
class StopLine : public QFrame {
    Q_OBJECT

public:
    StopLine(QAction* clear, QWidget* parent);
    void present(const QString& sentence);

private:
    QLabel* m_sentence;
};

} // namespace sluice::ui
