// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/redacted.h"
#include "core/base/result.h"
#include "core/model/connections.h"

namespace sluice::adapters {

/// Reads the secret now; call it at each use, so that a rotated secret is taken without a restart. None gives an empty
/// secret. A file must belong to nobody else (0600 or stricter) and hold at most 64 kB; its last line feed is cut.
/// Errors name the reference and never the value. Any thread; reads one small file at most.
Result<Redacted> resolveSecret(const SecretRef& reference);

} // namespace sluice::adapters
