// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/model/versions.h"

namespace sluice::policy {

/// What an upgrade, or the way back, has to know before anything moves.
struct UpgradeCheck {
    SemVer from{};
    SemVer to{};
    std::vector<SemVer> path{};        ///< the versions gone over, in order, `to` at its end
    std::vector<std::string> errors{}; ///< any of them refuses it
    std::vector<std::string> warnings{};
    std::vector<std::string> breaking{};   ///< "1.1.0: the cart API drops v1", skipped versions included
    std::vector<std::string> deprecated{}; ///< as above
    std::vector<std::string> steps{};      ///< what is to be done, in order

    bool allowed() const { return errors.empty(); }
};

/// Whether both run at the same time for a while: a canary. Then each must get on with the other.
enum class Coexistence { Apart, Together };

/// Checks `from` to `to`, up or down: both known, the pair is not ruled out, no version that must run is skipped, other
/// services are there and new enough (also what those need in turn), the database stays readable for whoever runs. All
/// errors at once. Pure.
UpgradeCheck checkUpgrade(const VersionRegistry& registry, const SemVer& from, const SemVer& to,
                          Coexistence coexistence);

} // namespace sluice::policy
