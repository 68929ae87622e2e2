// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/page.h"

class QTableWidget;

namespace sluice::ui {

/// All targets, those that need a person first; Enter opens the live rollout.
class FleetPage : public Page {
    Q_OBJECT

public:
    FleetPage(const PageContext& context, QWidget* parent);

    QString id() const override { return QStringLiteral("fleet"); }
    QString title() const override { return tr("Fleet"); }
    void showSnapshot(const engine::Snapshot& snapshot) override;
    QWidget* firstFocus() override;

private:
    void openRow(int row);

    QTableWidget* m_table;
};

} // namespace sluice::ui
