// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sstream>
#include <string>
#include <vector>

// What the doubles of HAProxy's runtime socket say alike.

namespace sluice::support {

/// The answer to `show map` of a proxy with the two maps of the split.
inline constexpr const char* kShownMaps = "# id (file) description\n0 (/m/epoch.map) pattern. entry_cnt=1\n"
                                          "1 (/m/split.map) pattern. entry_cnt=1\n";
/// The first lines of `show servers state`.
inline constexpr const char* kServersHeader =
    "1\n# be_name srv_name srv_op_state srv_admin_state srv_uweight srv_check_state\n";

inline std::vector<std::string> wordsOf(const std::string& line)
{
    std::istringstream in(line);
    std::vector<std::string> out;
    for (std::string word; in >> word;)
        out.push_back(word);
    return out;
}

} // namespace sluice::support
