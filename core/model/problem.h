// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace sluice {

/// One thing wrong with a text that a person wrote: where, which path, what would be right.
struct Problem {
    enum class Level { Error, Warning };
    Level level{Level::Error};
    std::string file{};
    int line{0};        ///< from 1; 0 = the file as a whole
    int column{0};      ///< from 1
    std::string path{}; ///< e.g. "stages[1].weight"
    std::string message{};
    friend bool operator==(const Problem&, const Problem&) = default;
};

/// "avalo.yaml:4:13: stages[1].weight: 250% is above 100%"
std::string problemText(const Problem& problem);

} // namespace sluice
