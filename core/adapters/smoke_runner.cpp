// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/adapters/smoke_runner.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "core/adapters/command_runner.h"
#include "core/adapters/smoke_checks.h"
#include "core/adapters/system_clock.h"
#include "core/base/redacted.h"
#include "core/model/text_check.h"

namespace sluice::adapters {

namespace {

using End = SmokeResult::End;

constexpr size_t kShownOutput = 200; ///< characters of what a command said last
constexpr Duration kGrace = std::chrono::milliseconds(500);

/// "5 s", "1.5 s"
std::string secondsText(Duration duration)
{
    return fmt::format("{:g} s", std::chrono::duration<double>(duration).count());
}

/// The last line a command said, errors first.
std::string lastWords(const CommandResult& result, const SmokeMoment& moment)
{
    std::string text = result.errors.find_first_not_of(" \n") != std::string::npos ? result.errors : result.output;
    while (!text.empty() && (text.back() == '\n' || text.back() == ' '))
        text.pop_back();
    const size_t line = text.rfind('\n');
    return moment.quoted(line == std::string::npos ? text : text.substr(line + 1), kShownOutput);
}

/// One run of a suite.
class SmokeRun {
public:
    SmokeRun(const SmokeOrder& order, const OnSmokeResult& onResult, std::stop_token stop)
        : m_order(order)
        , m_onResult(onResult)
        , m_stop(std::move(stop))
        , m_started(m_clock.now().boot)
        , m_until(m_started + order.suite.longest)
    {
        m_report.results.resize(order.suite.tests.size());
        readValues();
    }

    SmokeReport run()
    {
        {
            std::vector<std::jthread> workers;
            const auto count = std::min(m_order.suite.tests.size(), static_cast<size_t>(m_order.suite.atOnce));
            for (size_t i = 0; i < count; ++i)
                workers.emplace_back([this] { work(); });
        }
        m_report.took = m_clock.now().boot - m_started;
        return std::move(m_report);
    }

private:
    void readValues()
    {
        if (!m_order.base.empty()) m_values["base"] = m_order.base;
        if (!m_order.version.empty()) m_values["version"] = m_order.version;
        for (const auto& [name, variable] : m_order.suite.secrets)
            if (const char* value = std::getenv(variable.c_str()); value != nullptr && *value != '\0')
                m_values[name] = value;
    }

    void work()
    {
        const auto& tests = m_order.suite.tests;
        for (size_t i = m_next++; i < tests.size(); i = m_next++) {
            SmokeResult& result = m_report.results[i];
            result = resultOf(tests[i]);
            const std::scoped_lock lock(m_told);
            if (m_onResult) m_onResult(result);
        }
    }

    SmokeResult resultOf(const SmokeTest& test)
    {
        SmokeResult result{.id = test.id, .title = test.title, .category = test.category, .critical = test.critical};
        const BootTime begin = m_clock.now().boot;
        const Duration limit = std::max(test.timeout, m_order.atLeast);
        SmokeMoment moment{
            .clock = m_clock, .deadline = std::min(begin + limit, m_until), .stop = m_stop, .values = m_values};
        const std::string missing = missingValue(test);
        SmokeFinding found{End::NotReached, missing};
        if (moment.over())
            found = {End::NotRun, m_stop.stop_requested()
                                      ? "stopped"
                                      : "the suite's " + secondsText(m_order.suite.longest) + " were over"};
        else if (missing.empty())
            found = look(test, moment);
        const bool known = found.end == End::Passed || found.end == End::Failed;
        if (m_stop.stop_requested() && !known) found = {End::NotRun, "stopped"};
        result.took = m_clock.now().boot - begin;
        result.end = found.end;
        result.problem = moment.withoutSecrets(std::move(found.problem));
        if (found.end == End::TimedOut)
            result.problem = fmt::format("time-out after {}: {}", secondsText(moment.deadline - begin), result.problem);
        return result;
    }

    SmokeFinding look(const SmokeTest& test, SmokeMoment& moment)
    {
        if (const auto* http = std::get_if<HttpCheck>(&test.check)) return checkHttp(*http, test, moment, m_http);
        if (const auto* tcp = std::get_if<TcpCheck>(&test.check)) return checkTcp(*tcp, moment);
        if (const auto* redis = std::get_if<RedisCheck>(&test.check)) return checkRedis(*redis, moment);
        if (const auto* postgres = std::get_if<PostgresCheck>(&test.check)) return checkPostgres(*postgres, moment);
        return checkCommand(std::get<CommandCheck>(test.check), moment);
    }

    /// A secret that nobody set, or what nobody named.
    std::string missingValue(const SmokeTest& test) const
    {
        for (const std::string& name : namesOf(test)) {
            if (m_values.contains(name)) continue;
            const auto secret = m_order.suite.secrets.find(name);
            if (secret != m_order.suite.secrets.end())
                return fmt::format("the environment variable {} is not set", secret->second);
            return name == "base" ? "no address to test; name one with --base" : "no version; name one with --version";
        }
        return {};
    }

    const SmokeOrder& m_order;
    const OnSmokeResult& m_onResult;
    std::stop_token m_stop;
    SystemClock m_clock{};
    BootTime m_started;
    BootTime m_until;
    std::map<std::string, std::string> m_values{};
    std::atomic<size_t> m_next{0};
    std::mutex m_told{};
    SmokeReport m_report{}; // each worker writes the results it took
    HttpClient m_http{};    ///< last: its thread ends before what it uses
};

} // namespace

std::string SmokeMoment::filled(const std::string& text) const
{
    std::string out;
    size_t from = 0;
    for (const std::string_view name : namesIn(text)) {
        const auto open = static_cast<size_t>(name.data() - text.data()) - 1;
        const auto value = values.find(std::string(name));
        if (value == values.end()) continue;
        out += text.substr(from, open - from) + value->second;
        from = open + name.size() + 2;
    }
    return out + text.substr(from);
}

std::string SmokeMoment::withoutSecrets(std::string text) const
{
    std::vector<std::string> secrets;
    for (const auto& [name, value] : values)
        if (name != "base" && name != "version" && !value.empty()) secrets.push_back(value);
    std::ranges::sort(secrets, std::ranges::greater(), &std::string::size); // one may be a part of another
    const std::string dots = Redacted::text();
    for (const std::string& secret : secrets)
        for (size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at + dots.size()))
            text.replace(at, secret.size(), dots);
    return text;
}

std::string SmokeMoment::quoted(const std::string& text, size_t limit) const
{
    return quotedForPeople(withoutSecrets(text), limit);
}

SmokeFinding checkCommand(const CommandCheck& check, const SmokeMoment& moment)
{
    CommandRequest request{.limit = moment.left(), .grace = kGrace};
    for (const std::string& word : check.argv)
        request.argv.push_back(moment.filled(word));
    std::atomic<bool> stopped{false};
    const std::stop_callback stop(moment.stop, [&stopped] { stopped = true; });
    const CommandResult result = runCommand(request, stopped);
    const std::string& program = check.argv.front();
    switch (result.end) {
    case CommandResult::End::TimedOut: return {End::TimedOut, program + " did not end; it was ended"};
    case CommandResult::End::Stopped: return {End::NotRun, "stopped"};
    case CommandResult::End::NotStarted: return {End::NotReached, program + " cannot be started"};
    case CommandResult::End::Signalled:
        return {End::NotReached, fmt::format("{} was ended by signal {}", program, result.code)};
    case CommandResult::End::Exited: break;
    }
    if (result.code == 0) return {};
    return {result.code == 1 ? End::Failed : End::NotReached,
            fmt::format("{} ended with {}: {}", program, result.code, lastWords(result, moment))};
}

SmokeReport runSmokeTests(const SmokeOrder& order, const OnSmokeResult& onResult, std::stop_token stop)
{
    return SmokeRun(order, onResult, std::move(stop)).run();
}

} // namespace sluice::adapters
