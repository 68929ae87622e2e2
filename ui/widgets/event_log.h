// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

#include "ui/widgets/card.h"

class QListWidget;

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

/// Time and words, one event after the other; long ones wrap.
class EventLog : public Card {
    Q_OBJECT

public:
    EventLog(const QString& title, QWidget* parent);
    void present(const EventLogData& log);
    QWidget* list() const;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QListWidget* m_list;
    QList<EventLogData::Line> m_lines{};
};

} // namespace sluice::ui
