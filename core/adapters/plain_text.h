// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sluice::adapters {

/// What the outside said, fit for a sentence, a journal and a terminal: valid UTF-8, control characters as spaces,
/// wrong bytes as "?", at most `maxBytes` and never half a character.
std::string plainText(std::string_view text, size_t maxBytes = 200);

} // namespace sluice::adapters
