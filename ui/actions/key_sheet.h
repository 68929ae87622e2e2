// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/sheet.h"

namespace sluice::ui {

class ActionButton;
class ActionCatalog;

/// The keys of this screen and those that work everywhere.
class KeySheet : public Sheet {
    Q_OBJECT

public:
    KeySheet(const ActionCatalog& catalog, const QString& page, QWidget* over);

private:
    ActionButton* m_close;
};

} // namespace sluice::ui
