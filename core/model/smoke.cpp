// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/smoke.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/model/text_check.h"

namespace sluice {

namespace {

bool hasPassed(const SmokeResult& result)
{
    return result.end == SmokeResult::End::Passed;
}

/// Collects the names of one kind of check.
struct Names {
    std::set<std::string> all{};

    void add(std::string_view text)
    {
        for (const std::string_view name : namesIn(text))
            all.emplace(name);
    }
    void operator()(const HttpCheck& check)
    {
        for (const HttpStep& step : check.steps) {
            if (step.url.starts_with('/')) all.insert("base");
            for (const std::string& text : {step.url, step.body, step.contains})
                add(text);
            for (const auto& [name, value] : step.headers)
                add(value);
            for (const JsonField& field : step.json)
                add(field.value);
        }
        for (const HttpStep& step : check.steps)
            for (const auto& [name, pointer] : step.keep)
                all.erase(name);
    }
    void operator()(const TcpCheck& check) { add(check.address); }
    void operator()(const RedisCheck& check)
    {
        add(check.address);
        add(check.password);
    }
    void operator()(const CommandCheck& check)
    {
        for (const std::string& word : check.argv)
            add(word);
    }
    void operator()(const PostgresCheck& check)
    {
        for (const std::string& text : {check.server, check.password, check.query, check.is.value_or("")})
            add(text);
    }
};

} // namespace

std::set<std::string> namesOf(const SmokeTest& test)
{
    Names names;
    std::visit(names, test.check);
    return std::move(names.all);
}

std::vector<std::string_view> namesIn(std::string_view text)
{
    std::vector<std::string_view> names;
    for (size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1)) {
        const size_t close = text.find('}', open);
        if (close == std::string_view::npos) break;
        const std::string_view name = text.substr(open + 1, close - open - 1);
        if (!nameFault(name)) names.push_back(name);
    }
    return names;
}

bool SmokeReport::passed() const
{
    return std::ranges::all_of(results, hasPassed);
}

bool SmokeReport::criticalPassed() const
{
    return std::ranges::all_of(results, [](const SmokeResult& one) { return hasPassed(one) || !one.critical; });
}

std::string SmokeReport::summary() const
{
    const auto good = std::ranges::count_if(results, hasPassed);
    const auto all = static_cast<std::ptrdiff_t>(results.size());
    return fmt::format("{}/{} tests passed, {} failed in {}ms", good, all, all - good,
                       std::chrono::duration_cast<std::chrono::milliseconds>(took).count());
}

} // namespace sluice
