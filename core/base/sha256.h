// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace sluice {

/// SHA-256 of the bytes as 64 lower-case hex digits (FIPS 180-4). Pure; any thread.
std::string sha256Hex(std::string_view bytes);

} // namespace sluice
