// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/time.h"

namespace sluice::app::lab {

/// One line to a Unix socket, and what comes back until the peer closes or, with `untilLine`, until the first
/// newline. Blocks, never past `timeout`.
Result<std::string> askSocket(const std::filesystem::path& socket, std::string_view line, Duration timeout,
                              bool untilLine = false);

/// The canary's share that one proxy has in its maps, in 1/10'000; 0 while its epoch is `none`.
Result<int> readSplit(const std::filesystem::path& runtimeSocket, const std::filesystem::path& mapFolder,
                      const std::string& service, Duration timeout);

} // namespace sluice::app::lab
