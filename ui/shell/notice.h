// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QRect>
#include <QTimer>

namespace sluice::ui {

/// What was asked and how it was answered, over the foot of the page: what comes and goes by itself must not move what
/// somebody is about to press. A click closes it; a refusal stays until then or the next answer, anything else leaves
/// by itself.
class Notice : public QLabel {
    Q_OBJECT

public:
    explicit Notice(QWidget* parent);
    void say(const QString& text, bool bad);
    /// Lies over the foot of `area` from now on.
    void placeOver(const QRect& area);

public slots:
    void dismiss();

signals:
    /// There is one, or no longer.
    void shownChanged(bool shown);

protected:
    void mousePressEvent(QMouseEvent* event) override;

private:
    void place();

    QRect m_area{};
    QTimer m_end{};
};

} // namespace sluice::ui
