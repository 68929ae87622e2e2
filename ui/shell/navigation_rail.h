// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QList>

class QAction;
class QVBoxLayout;

namespace sluice::ui {

class ActionButton;

/// The column of pages at the window's edge. Knows actions, not pages.
class NavigationRail : public QFrame {
    Q_OBJECT

public:
    explicit NavigationRail(QWidget* parent);

    void addPage(const QString& page, QAction* action);
    /// Things that are not pages, at the foot.
    void addAtFoot(QAction* action);
    void setCurrent(const QString& page);

private:
    ActionButton* makeButton(QAction* action);

    QVBoxLayout* m_pages;
    QVBoxLayout* m_foot;
    struct Entry {
        QString page{};
        ActionButton* button{nullptr};
    };
    QList<Entry> m_entries{};
    QString m_current{};
};

} // namespace sluice::ui
