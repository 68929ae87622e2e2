// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

#include <QString>

#include "tests/lab/prove_release.h"

// What must be true of a release whatever happened to its engines, read from the journal alone. Each answers what is
// wrong, one line each; empty = nothing.

namespace sluice::app::lab {

/// Every passed stage was credited its whole bake, and no more than engines were there to see. Likewise the watch.
/// `kills`: when the only engine was killed; from then until the next one takes over nobody sees anything.
std::string bakeProblems(const std::vector<Fact>& facts, const RolloutId& id, const std::vector<WallTime>& kills);

/// Every approval answers a request of its own, none counts twice in its round, and the stage that asks for one did not
/// pass without.
std::string approvalProblems(const std::vector<Fact>& facts, const RolloutId& id);

/// Fails the test that runs with these words.
void nothingWrong(const std::string& problems);

/// The share that the journal allows now and the largest it allowed lately: a proxy may be late in going down, never
/// early in going up.
class AllowedShare {
public:
    void take(const std::vector<Fact>& facts);
    /// Largest share in force at any time in the last `kLate` before `now`, in 1/10'000.
    int most(WallTime now) const;

private:
    static constexpr Duration kLate = std::chrono::seconds(10);
    std::map<WallTime, int> m_since{};
    size_t m_taken{0};
};

} // namespace sluice::app::lab
