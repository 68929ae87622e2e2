// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/model/playbook.h"

namespace sluice {

constexpr size_t kMaxSelectorLength = 1024;
constexpr size_t kMaxSelectorLabels = 16;
constexpr size_t kMaxExpressionLength = 256;

/// `http_requests_total{track="$track",code=~"5.."}`: name and label conditions as Prometheus writes them, no functions
/// and no ranges. Values stand in double or single quotes, with \\ \" \' \n as escapes. Variables are $track, $service,
/// $environment; expressions must compile and use nothing that RE2 lacks. Errors are BadInput and name the place.
Result<Selector> parseSelector(std::string_view text);

/// The canonical form; parseSelector() reads it back to the same value.
std::string selectorText(const Selector& selector);

} // namespace sluice
