// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QRect>
#include <QTimer>

namespace sluice::ui {

/// What was asked and how it was answered, over the foot of the page: what comes and goes by itself must not move what
/// somebody is about to press. A click closes it, the next answer takes its place, and it leaves by itself, a
/// refusal later than the rest.
class Notice : public QLabel {
    Q_OBJECT

public:
    explicit Notice(QWidget* parent);
    void say(const QString& text, bool bad);
    /// Lies over the foot of `area` from now on.
    void placeOver(const QRect& area);

public slots:
    void dismiss();
    /// Another page or sheet is there now: a refusal is about what was before it. What was asked or accepted stays.
    void leaveWithItsPage();

signals:
    /// There is one, or no longer.
    void shownChanged(bool shown);

protected:
    void mousePressEvent(QMouseEvent* event) override;

private:
    void place();

    QRect m_area{};
    QTimer m_end{this};
    bool m_bad{false};
};

} // namespace sluice::ui
