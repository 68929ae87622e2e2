// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/card.h"

class QLabel;

namespace sluice::ui {

class FactTable;
struct Decision;

/// One decision with its reasons and the numbers it was taken on.
class DecisionCard : public Card {
    Q_OBJECT

public:
    explicit DecisionCard(QWidget* parent);
    void present(const Decision& decision);

private:
    QLabel* m_text;
    QLabel* m_by;
    FactTable* m_numbers;
    QLabel* m_note;
    FactTable* m_facts;
};

} // namespace sluice::ui
