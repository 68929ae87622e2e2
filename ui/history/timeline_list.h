// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QListWidget>

#include "ui/history/decision_presenter.h"

namespace sluice::ui {

/// The decisions of a rollout, oldest first: time, mark, words that wrap, and who. The arrow keys go through them.
class TimelineList : public QListWidget {
    Q_OBJECT

public:
    explicit TimelineList(QWidget* parent);

    /// Selects the decision with the index `decisive`.
    void present(const QList<Decision>& decisions, qsizetype decisive);
    /// Also the bookkeeping.
    void setAllShown(bool shown);
    bool allShown() const { return m_all; }
    /// Index of the selected decision, or -1.
    qsizetype current() const;

signals:
    void chosen(qsizetype decision);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void hideMinor();

    QList<Decision> m_decisions{};
    bool m_all{false};
};

} // namespace sluice::ui
