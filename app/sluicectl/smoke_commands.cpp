// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdlib>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/composition/milliseconds.h"
#include "app/composition/playbooks.h"
#include "app/sluicectl/commands.h"
#include "core/adapters/smoke_runner.h"
#include "core/model/units.h"

namespace sluice::app::ctl {

namespace {

using adapters::SmokeOrder;
using End = SmokeResult::End;

constexpr const char* kTimeoutVariable = "SMOKE_TEST_TIMEOUT"; // milliseconds, as ORCA has it
constexpr int64_t kLongestTimeoutMs = 600'000;

struct SmokeOptions {
    std::string target{};
    std::string playbook{};
    std::string base{};
    std::string track{"canary"};
    std::string version{};
    std::string timeout{};
    std::vector<std::string> categories{};
    std::vector<std::string> tests{};
    bool critical{false};
    bool list{false};
};

/// A playbook and the address to test: of a target, or both named without any connections file.
Result<Playbook> findSuite(const Globals& globals, const SmokeOptions& options, std::string& base)
{
    base = options.base;
    if (!base.empty() && !base.starts_with("http://") && !base.starts_with("https://"))
        return Error{Fault::BadInput,
                     fmt::format("--base: '{}' is not an address; write it like http://127.0.0.1:8080.", base)};
    std::string name = options.playbook;
    std::string directory;
    if (name.empty() || (base.empty() && !options.target.empty())) {
        const auto connections = readConnectionsFile(globals);
        if (!connections.ok()) return connections.error();
        const auto target = pickTarget(connections.value(), options.target);
        if (!target.ok()) return target.error();
        directory = connections.value().directory;
        if (name.empty()) name = target.value()->playbook;
        if (base.empty()) base = options.track == "stable" ? target.value()->stableUrl : target.value()->canaryUrl;
    }
    const auto text = playbookText(name, directory);
    if (!text.ok()) return text.error();
    return parsePlaybook(text.value(), name);
}

/// The tests that were asked for.
Outcome choose(SmokeSuite& suite, const SmokeOptions& options)
{
    std::set<std::string> categories;
    std::set<std::string> ids;
    for (const SmokeTest& test : suite.tests) {
        categories.insert(test.category);
        ids.insert(test.id);
    }
    for (const std::string& one : options.categories)
        if (!categories.contains(one))
            return Error{Fault::BadInput,
                         fmt::format("--category: there is no '{}'; there is {}.", one, fmt::join(categories, ", "))};
    for (const std::string& one : options.tests)
        if (!ids.contains(one))
            return Error{Fault::BadInput,
                         fmt::format("--test: there is no '{}'; there is {}.", one, fmt::join(ids, ", "))};
    const auto in = [](const std::vector<std::string>& all, const std::string& one) {
        return all.empty() || std::ranges::find(all, one) != all.end();
    };
    std::erase_if(suite.tests, [&](const SmokeTest& test) {
        return (options.critical && !test.critical) || !in(options.categories, test.category) ||
               !in(options.tests, test.id);
    });
    if (suite.tests.empty())
        return Error{Fault::BadInput, "No smoke test is left to run: write them in the playbook under `smoke:`."};
    return Done{};
}

/// --timeout, or $SMOKE_TEST_TIMEOUT in milliseconds: every shorter time-out is raised to it.
Result<Duration> atLeast(const SmokeOptions& options)
{
    if (!options.timeout.empty()) return parseDuration(options.timeout);
    const char* text = std::getenv(kTimeoutVariable);
    if (text == nullptr || *text == '\0') return Duration(0);
    char* end = nullptr;
    const int64_t ms = std::strtoll(text, &end, 10);
    if (*end != '\0' || ms <= 0 || ms > kLongestTimeoutMs)
        return Error{Fault::BadInput, fmt::format("${} is '{}'; write milliseconds, 1 to {}.", kTimeoutVariable, text,
                                                  kLongestTimeoutMs)};
    return Duration(std::chrono::milliseconds(ms));
}

const char* endName(End end)
{
    switch (end) {
    case End::Passed: return "passed";
    case End::Failed: return "failed";
    case End::TimedOut: return "timed-out";
    case End::NotReached: return "not-reached";
    case End::NotRun: return "not-run";
    }
    return "";
}

nlohmann::json resultJson(const SmokeResult& result)
{
    nlohmann::json one = {{"id", result.id},
                          {"name", result.title},
                          {"category", result.category},
                          {"critical", result.critical},
                          {"passed", result.end == End::Passed},
                          {"outcome", endName(result.end)},
                          {"tookMs", milliseconds(result.took)}};
    if (result.end != End::Passed) one["error"] = result.problem;
    return one;
}

void printResult(const SmokeResult& result)
{
    const bool passed = result.end == End::Passed;
    fmt::print("{} {:<24} {:>6} ms  {}{}\n", passed ? "✓" : "✗", result.id, milliseconds(result.took),
               passed ? result.title : result.problem, passed || result.critical ? "" : " (not critical)");
    std::fflush(stdout);
}

int list(bool json, const SmokeSuite& suite)
{
    nlohmann::json all = nlohmann::json::array();
    for (const SmokeTest& test : suite.tests) {
        all.push_back({{"id", test.id},
                       {"name", test.title},
                       {"category", test.category},
                       {"critical", test.critical},
                       {"timeoutMs", milliseconds(test.timeout)}});
        if (!json)
            fmt::print("{:<24} {:<14} {:<8} {:>6} ms  {}\n", test.id, test.category.empty() ? "-" : test.category,
                       test.critical ? "critical" : "", milliseconds(test.timeout), test.title);
    }
    if (json) printJson({{"tests", all}});
    return kYes;
}

int run(const Globals& globals, const SmokeOptions& options)
{
    SmokeOrder order;
    auto playbook = findSuite(globals, options, order.base);
    if (!playbook.ok()) return fail(globals.json, playbook.error());
    order.suite = std::move(playbook.value().smoke);
    if (const Outcome chosen = choose(order.suite, options); !chosen.ok()) return fail(globals.json, chosen.error());
    if (options.list) return list(globals.json, order.suite);
    const auto raised = atLeast(options);
    if (!raised.ok()) return fail(globals.json, raised.error());
    order.atLeast = raised.value();
    order.version = options.version;
    const SmokeReport report = adapters::runSmokeTests(order, [&](const SmokeResult& result) {
        if (!globals.json) printResult(result);
    });
    const int code = report.passed() ? kYes : kNo;
    if (!globals.json) {
        fmt::print("{}\n", report.summary());
        return code;
    }
    nlohmann::json results = nlohmann::json::array();
    for (const SmokeResult& result : report.results)
        results.push_back(resultJson(result));
    printJson({{"passed", report.passed()},
               {"criticalPassed", report.criticalPassed()},
               {"summary", report.summary()},
               {"results", results},
               {"tookMs", milliseconds(report.took)},
               {"exitCode", code}});
    return code;
}

} // namespace

void addSmokeCommands(Registry& registry)
{
    CLI::App* smoke = registry.add("smoke", "Smoke tests of a playbook: exit 0 when all pass, 1 when one fails");
    auto& o = registry.keep<SmokeOptions>();
    smoke->add_option("target", o.target, "service/environment; the only one without it");
    smoke->add_option("--playbook", o.playbook, "Built-in name or file instead of the target's");
    smoke->add_option("--base", o.base, "Address under test instead of the target's, http://127.0.0.1:8080");
    smoke->add_option("--track", o.track, "Which of the target's addresses")
        ->check(CLI::IsMember({"canary", "stable"}));
    smoke->add_option("--version", o.version, "What the tests call {version}");
    smoke->add_option("--timeout", o.timeout, "Raises every shorter time-out, 30s (or $SMOKE_TEST_TIMEOUT in ms)");
    smoke->add_option("--category", o.categories, "Only these");
    smoke->add_option("--test", o.tests, "Only these, by id");
    smoke->add_flag("--critical", o.critical, "Only the critical ones");
    smoke->add_flag("--list", o.list, "Say what would run");
    registry.run(smoke, [&registry, &o] { return run(registry.globals(), o); });
}

} // namespace sluice::app::ctl
