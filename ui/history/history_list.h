// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTableWidget>

#include "ui/history/history_rows.h"

namespace sluice::ui {

/// The rollouts of the journal, newest first. Enter opens one.
class HistoryList : public QTableWidget {
    Q_OBJECT

public:
    explicit HistoryList(QWidget* parent);

    /// Keeps the selected rollout selected where it is still there; else the first one.
    void present(const QList<HistoryRow>& rows);
    /// One line that changed.
    void renew(int at, const HistoryRow& row);
    QString current() const;
    void select(const QString& id);

signals:
    void chosen(const QString& id);
    void opened(const QString& id);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void place();

    QList<HistoryRow> m_rows{};
};

} // namespace sluice::ui
