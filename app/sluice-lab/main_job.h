// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

namespace sluice::app::lab {

/// The product's main job without a window: a lab, one canary release through it, approvals by the lab's people.
struct MainJobOptions {
    std::filesystem::path dir{}; ///< empty = a new temporary folder
    std::string fault{};         ///< e.g. "errors=10%@10%"; empty = healthy
    int users{10'200};           ///< distinct users asked per stage; 10,000 answers are needed to prove the share
    bool json{false};
    std::string self{"/proc/self/exe"}; ///< this program: it starts the lab as a child
};

/// Prints the timeline and, per stage, asked and observed share, score, verdicts and approvals. 0 = the release is
/// stable, 1 = it was rolled back or a share was wrong, 2 = bad options, 4 = something needed is out of reach.
int runMainJob(const MainJobOptions& options);

} // namespace sluice::app::lab
