// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/rollout/wait_reason.h"

namespace sluice::rollout {

/// The English text with its places %1 … %9 filled.
std::string filled(const Sentence& sentence);

/// Longest text of a person or of the world that is kept in an event, in bytes.
inline constexpr size_t kLongestText = 2000;

/// Text from outside as it may stand in the journal: valid UTF-8 (bytes that are not become '?'), no control
/// characters, at most kLongestText bytes.
std::string plainText(std::string_view text);

/// True when plainText() would change nothing but length and line breaks.
bool isPlainUtf8(std::string_view text);

} // namespace sluice::rollout
