// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/sheet.h"

class QLineEdit;
class QTreeWidget;

namespace sluice::ui {

class ActionCatalog;

/// Finds every action by a few letters, shows its key or why it cannot be done now, and does it.
class CommandPalette : public Sheet {
    Q_OBJECT

public:
    CommandPalette(ActionCatalog& catalog, QWidget* over);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void fill(const QString& letters);
    void run();

    ActionCatalog& m_catalog;
    QLineEdit* m_input;
    QTreeWidget* m_list;
};

/// How well `letters` match `text`, case ignored: higher is better, -1 = not at all. What begins a word comes before
/// what stands inside of one, and that before letters that are only scattered over the text.
int matchScore(const QString& letters, const QString& text);

} // namespace sluice::ui
