// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/engine/snapshot.h"

namespace sluice::support {

/// checkout at 10 %, baking, with all its charts (tests/support/sample_checkout.cpp).
engine::RolloutView sampleCheckout();
std::vector<engine::SourceStatus> sampleSources();

} // namespace sluice::support
