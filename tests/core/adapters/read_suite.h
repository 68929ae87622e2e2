// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/adapters/smoke_runner.h"
#include "tests/core/model/read_playbook.h"

namespace sluice::test {

/// The suite of a small playbook: `block` is what stands under `smoke:`, in flow style.
inline SmokeSuite suiteOf(const std::string& block)
{
    const auto playbook = playbookOf(std::string(kSmall) + "smoke: " + block + "\n");
    return playbook ? playbook->smoke : SmokeSuite{};
}

/// One run of one test, "" or its problem.
inline std::string problemOf(const std::string& test, const std::string& base, Duration atLeast = {})
{
    const adapters::SmokeOrder order{
        .suite = suiteOf("{tests: [{id: one, " + test + "}]}"), .base = base, .version = "v2", .atLeast = atLeast};
    const SmokeReport report = adapters::runSmokeTests(order);
    return report.results.size() == 1 ? report.results.front().problem : "the suite could not be read";
}

} // namespace sluice::test
