// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <stop_token>
#include <string>

#include "core/model/smoke.h"

namespace sluice::adapters {

struct SmokeOrder {
    SmokeSuite suite{};
    std::string base{};    ///< address under test, "http://127.0.0.1:8080"; empty where no test asks for it
    std::string version{}; ///< what it is to answer with
    Duration atLeast{0};   ///< raises every shorter time-out
};

/// Each test that has ended, one call at a time, on any thread.
using OnSmokeResult = std::function<void(const SmokeResult&)>;

/// Runs the tests of the suite, some at once, each until its own time-out and all of them until the suite's. Blocks as
/// long; a request to `stop` ends it within a second (a Redis test by its own time-out), and what did not end is not
/// run. Host names of `redis` and `postgres` are looked up by their libraries, which may take longer than the time-out
/// where no name server answers.
SmokeReport runSmokeTests(const SmokeOrder& order, const OnSmokeResult& onResult = {}, std::stop_token stop = {});

} // namespace sluice::adapters
