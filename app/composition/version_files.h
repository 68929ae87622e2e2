// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/model/versions.h"

namespace sluice::app {

/// The versions that a file names, read now. BadInput with every problem, a line each, or when it cannot be read.
Result<VersionRegistry> readVersionFile(const std::string& path);

/// The same for the file of a target; none where its path is empty.
Result<std::optional<VersionRegistry>> versionsAt(const std::string& path);

} // namespace sluice::app
