// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/model/connections.h"

namespace sluice::app::ctl {

/// The HAProxy configuration that the split needs, for each service of the file. Map: base state safe, epoch, split,
/// header override, allow and deny lists. Weights: servers of both versions in one backend.
std::string haproxySnippet(const Connections& connections);

} // namespace sluice::app::ctl
