// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <QByteArray>
#include <QtTest>

#include "core/model/playbook_reader.h"

// Reading playbooks in tests: a small right one to change, and problems as the lines that people see.

namespace sluice::test {

/// Right, and short enough to count lines in. Lines are 1: playbook … 6: stages, 7 and 8: its items, 9: triggers, 10.
inline constexpr std::string_view kSmall = R"(playbook: small
metrics:
  errors: {kind: ratio, of: 'e{track="$track"}', over: 'r{track="$track"}', window: 10s, min_requests: 10}
  p95: {kind: quantile, q: 0.95, of: 'd_seconds_bucket{track="$track"}', min_requests: 10}
  users: {kind: gauge, of: 'u{track="$track"}', worse: lower}
stages:
  - {weight: 10%, bake: 15m, require: [{metric: errors, below: 2%}]}
  - {weight: 100%, bake: 15m}
triggers:
  - {metric: errors, above: 2%, for: 3m}
)";

inline std::string lines(const std::vector<Problem>& problems)
{
    std::string text;
    for (const Problem& problem : problems)
        text += problemText(problem) + "\n";
    return text;
}

/// The problems as text, one a line; empty when the playbook is right.
inline std::string problemsOf(std::string_view text, const std::map<std::string, std::string>& settings = {})
{
    const auto read = readPlaybook(text, "p.yaml", settings);
    return read.index() == 0 ? std::string() : lines(std::get<1>(read));
}

/// The playbook, or nothing after printing what is wrong with it.
inline std::optional<Playbook> playbookOf(std::string_view text,
                                          const std::map<std::string, std::string>& settings = {})
{
    auto read = readPlaybook(text, "p.yaml", settings);
    if (read.index() == 0) return std::get<0>(std::move(read));
    qWarning("%s", lines(std::get<1>(read)).c_str());
    return std::nullopt;
}

/// `text` with its first `from` replaced by `to`; the test fails when there is none.
inline std::string changed(std::string_view text, std::string_view from, std::string_view to)
{
    std::string result(text);
    const size_t at = result.find(from);
    if (at == std::string::npos) qFatal("'%s' is not in the text", std::string(from).c_str());
    return result.replace(at, from.size(), to);
}

inline std::string builtIn(std::string_view name)
{
    for (const BuiltInPlaybook& playbook : builtInPlaybooks()) {
        if (playbook.name == name) return std::string(playbook.text);
    }
    qFatal("no built-in playbook '%s'", std::string(name).c_str());
}

} // namespace sluice::test
