// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "core/analysis/before_window.h"
#include "core/base/result.h"

namespace sluice::analysis {

/// A whole recorded baseline: what to keep of it when its samples are long gone.
struct BeforeRecord {
    int64_t seconds{0};
    std::map<std::string, BeforeTotals> metrics{};
};

/// One line: `before-1;60;error_rate=60,0,5400000000;p95=60,0,0,100000:12,inf:54`.
std::string beforeText(const BeforeRecord& record);
/// Fault::BadInput for anything that beforeText() does not write.
Result<BeforeRecord> parseBefore(std::string_view text);

} // namespace sluice::analysis
