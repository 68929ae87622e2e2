// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/snapshot.h"
#include "ui/bridge/text.h"
#include "ui/shell/status_strip.h"

namespace sluice::ui {

/// Ages of all sources (routers of one kind together), who drives, whether the way back was checked, the time.
StatusStripData statusStrip(const engine::Snapshot& snapshot, const Formats& formats);

} // namespace sluice::ui
