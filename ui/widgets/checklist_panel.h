// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

#include "ui/theme/look.h"
#include "ui/widgets/card.h"

class QAction;

namespace sluice::ui {

/// What people tick off: how many of how many, and what is still open.
struct ChecklistData {
    QString title{};   ///< "Checklist, during deployment"
    QString counter{}; ///< "8/8"
    bool complete{false};
    struct Item {
        QString id{};
        QString text{};
        bool ticked{false};
        QString by{}; ///< "on-call, 14:31:40"
    };
    QList<Item> items{};
    QString cannotTick{}; ///< why the engine would refuse; empty = may tick
};

class ChecklistPanel : public Card {
    Q_OBJECT

public:
    ChecklistPanel(QAction* open, QWidget* parent);
    void present(const ChecklistData& list);

private:
    QLabel* m_open;
};

} // namespace sluice::ui
