// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/time.h"

// Smoke tests as a playbook names them. Texts may hold `{name}`: `base` (the address under test), `version`, a secret
// of the suite, or what an earlier step of the same test kept.

namespace sluice {

/// What a field of a JSON answer must be.
struct JsonField {
    std::string pointer{}; ///< RFC 6901, "/dependencies/redis"
    std::string value{};   ///< a string as it is, everything else as JSON writes it: `true`, `3`
    friend bool operator==(const JsonField&, const JsonField&) = default;
};

struct HttpStep {
    std::string method{"GET"};
    std::string url{}; ///< whole, or a path under `{base}`
    std::map<std::string, std::string> headers{};
    std::string body{};
    std::optional<int> status{}; ///< none: 200 to 299
    std::string contains{};      ///< of the body; empty: anything
    std::vector<JsonField> json{};
    std::map<std::string, std::string> keep{}; ///< name to pointer: a string of the answer, for later steps
    friend bool operator==(const HttpStep&, const HttpStep&) = default;
};

/// One after the other; the first that fails ends it.
struct HttpCheck {
    std::vector<HttpStep> steps{};
    friend bool operator==(const HttpCheck&, const HttpCheck&) = default;
};

/// Somebody takes the connection.
struct TcpCheck {
    std::string address{}; ///< HOST:PORT
    friend bool operator==(const TcpCheck&, const TcpCheck&) = default;
};

/// PING is answered by PONG.
struct RedisCheck {
    std::string address{};  ///< HOST:PORT
    std::string password{}; ///< `{name}` of a secret; empty: none
    friend bool operator==(const RedisCheck&, const RedisCheck&) = default;
};

/// A program, never through a shell: 0 passes, 1 fails, anything else is an error of the check itself.
struct CommandCheck {
    std::vector<std::string> argv{};
    friend bool operator==(const CommandCheck&, const CommandCheck&) = default;
};

/// A query whose first value is looked at.
struct PostgresCheck {
    std::string server{};   ///< libpq's words: "host=127.0.0.1 dbname=shop user=smoke"
    std::string password{}; ///< `{name}` of a secret; empty: none
    std::string query{"select 1"};
    std::optional<std::string> is{}; ///< none: any answer will do
    friend bool operator==(const PostgresCheck&, const PostgresCheck&) = default;
};

struct SmokeTest {
    std::string id{};
    std::string title{};
    std::string category{};
    bool critical{true};
    Duration timeout{std::chrono::seconds(5)};
    std::string failsWith{}; ///< what a wrong status is called instead; empty: our words
    std::variant<HttpCheck, TcpCheck, RedisCheck, CommandCheck, PostgresCheck> check{};
    friend bool operator==(const SmokeTest&, const SmokeTest&) = default;
};

struct SmokeSuite {
    Duration longest{std::chrono::minutes(5)}; ///< of the whole run
    int atOnce{4};
    std::map<std::string, std::string> secrets{}; ///< name to environment variable
    std::vector<SmokeTest> tests{};
    friend bool operator==(const SmokeSuite&, const SmokeSuite&) = default;
};

/// The names that stand in braces in `text`, in order. What JSON has in braces is none.
std::vector<std::string_view> namesIn(std::string_view text);
/// What a run must know for this test: the names in its texts, without what its own steps keep; `base` also where an
/// address is a path alone.
std::set<std::string> namesOf(const SmokeTest& test);

/// What became of one test.
struct SmokeResult {
    enum class End {
        Passed,
        Failed,     ///< it answered, and not as it should
        TimedOut,   ///< `problem` names what was waited for
        NotReached, ///< no connection, or the check itself could not be made
        NotRun,     ///< the suite ended before its turn
    };
    std::string id{};
    std::string title{};
    std::string category{};
    bool critical{true};
    End end{End::NotRun};
    std::string problem{}; ///< one line without secrets; empty when it passed
    Duration took{0};
};

struct SmokeReport {
    std::vector<SmokeResult> results{}; ///< in the order of the suite
    Duration took{0};

    bool passed() const;
    /// Every critical test passed.
    bool criticalPassed() const;
    /// "8/9 tests passed, 1 failed in 1234ms"
    std::string summary() const;
};

} // namespace sluice
