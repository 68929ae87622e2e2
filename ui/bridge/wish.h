// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMetaType>
#include <QString>

#include "core/rollout/command.h"

namespace sluice::ui {

/// What a person asked for, and how it is called while and after it is answered ("Promote checkout to 25 %").
/// A wish is "asked", never "done": done is what the next snapshot shows.
struct Wish {
    rollout::Command command{};
    QString what{};
    bool emergency{false}; ///< its answer comes as EngineBridge::emergencyAnswered
};

} // namespace sluice::ui

Q_DECLARE_METATYPE(sluice::ui::Wish)
