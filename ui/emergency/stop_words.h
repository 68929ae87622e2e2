// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "core/engine/snapshot.h"
#include "ui/bridge/text.h"

namespace sluice::ui {

/// Who fired a stop, also where nobody knows the login.
QString firedBy(const engine::StopView& stop);

/// The emergency stop in force on a target: since when, who fired it, why (once that was said), and how it ends. Empty
/// when there is none.
QString stopSentence(const engine::Snapshot& snapshot, const TargetId& target, const Formats& formats);

} // namespace sluice::ui
