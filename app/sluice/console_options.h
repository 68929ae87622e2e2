// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace sluice::app {

/// What the console was asked to do.
struct ConsoleOptions {
    std::string connections{};
    std::string store{};
    std::string as{};
    std::string screenshots{};           ///< folder; then no window is opened
    std::vector<std::string> variants{}; ///< of the screenshots; empty = all
    std::string theme{"dark"};
    double speed{1.0};
    bool demo{false};
};

/// 0 = go on; anything else is the exit code, and what there was to say has been printed.
struct Parsed {
    ConsoleOptions options{};
    bool goOn{true};
    int exitCode{0};
};
Parsed parseConsoleOptions(int argc, char** argv);

} // namespace sluice::app
