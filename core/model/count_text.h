// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <concepts>
#include <string>
#include <string_view>

namespace sluice {

/// "1 proxy", "0 proxies", "2 proxies".
template <std::integral Count>
std::string countText(Count count, std::string_view one, std::string_view many)
{
    return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

} // namespace sluice
