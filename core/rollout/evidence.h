// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/rollout/gates.h"

namespace sluice::rollout {

/// What an approver sees and a promotion cites, as canonical JSON (sorted keys, integers only):
/// {"class": …, "shown": …}. Two snapshots with equal classes say the same thing; `shown` holds the numbers, which
/// move without meaning anything new. The digest of an approval is SHA-256 of the whole text.
std::string evidenceOf(const Moment& moment);

/// Why an approval given on `evidence` no longer stands now: the first part of the class that differs, as one
/// sentence. Empty = it stands.
std::string changeSince(std::string_view evidence, const Moment& moment);

/// Name of a band in evidence and warnings: "proceed".
std::string_view bandName(analysis::Band band);

} // namespace sluice::rollout
