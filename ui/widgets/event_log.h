// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

#include "ui/widgets/card.h"

class QTableWidget;

namespace sluice::ui {

/// What happened, newest first.
struct EventLogData {
    struct Line {
        QString time{};
        QString text{};
        friend bool operator==(const Line&, const Line&) = default;
    };
    QList<Line> lines{};
};

class EventLog : public Card {
    Q_OBJECT

public:
    EventLog(const QString& title, QWidget* parent);
    void present(const EventLogData& log);
    QWidget* list() const;

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void paintLines();

    QTableWidget* m_table;
    QList<EventLogData::Line> m_lines{};
};

} // namespace sluice::ui
