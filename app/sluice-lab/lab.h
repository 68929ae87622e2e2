// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/sluice-lab/layout.h"

namespace sluice::app::lab {

/// Brings a lab up in `options.dir`, serves until SIGINT, SIGTERM, the time limit or an `end` on the control socket,
/// and takes everything down. Prints progress lines; the line "lab ready in …" comes when Prometheus has a sample of
/// every replica. Call from the main thread of a process without other threads. An error: what kept it from running.
Outcome runLab(const LabOptions& options);

} // namespace sluice::app::lab
