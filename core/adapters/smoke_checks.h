// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <map>
#include <stop_token>
#include <string>

#include "core/adapters/http_client.h"
#include "core/base/time.h"
#include "core/model/smoke.h"
#include "core/ports/clock.h"

// Inside of the smoke runner: one function per kind of check. Each blocks until it knows, at most until the deadline.

namespace sluice::adapters {

/// How a check went.
struct SmokeFinding {
    SmokeResult::End end{SmokeResult::End::Passed};
    std::string problem{}; ///< TimedOut: what was waited for
};

/// What a check works with.
struct SmokeMoment {
    const ports::Clock& clock;
    BootTime deadline{};
    std::stop_token stop{};
    std::map<std::string, std::string> values{}; ///< of the names in braces; all but `base` and `version` are secret

    Duration left() const { return std::max(Duration(0), deadline - clock.now().boot); }
    bool over() const { return stop.stop_requested() || left() == Duration(0); }
    /// `text` with every known name replaced.
    std::string filled(const std::string& text) const;
    /// `text` with dots in place of what is secret: an answer may repeat what it was sent.
    std::string withoutSecrets(std::string text) const;
    /// The same as people see it. Cut only then: half a secret is none that could be found.
    std::string quoted(const std::string& text, size_t limit = 60) const;
};

SmokeFinding checkHttp(const HttpCheck& check, const SmokeTest& test, SmokeMoment& moment, HttpClient& http);
SmokeFinding checkTcp(const TcpCheck& check, const SmokeMoment& moment);
SmokeFinding checkRedis(const RedisCheck& check, const SmokeMoment& moment);
SmokeFinding checkCommand(const CommandCheck& check, const SmokeMoment& moment);
SmokeFinding checkPostgres(const PostgresCheck& check, const SmokeMoment& moment);

} // namespace sluice::adapters
