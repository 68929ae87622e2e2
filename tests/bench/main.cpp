// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <QApplication>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "tests/bench/groups.h"
#include "tests/bench/measure.h"

// Measures every bar of the README's table on this machine. 0 = all held, 1 = one is missed, 2 = usage.

namespace {

using namespace sluice::bench;

struct Options {
    std::vector<std::string> only{};
    std::string json{};
    bool list{false};
};

bool wanted(const Options& options, const Group& group, const Bar& bar)
{
    return options.only.empty() || std::ranges::find(options.only, bar.name) != options.only.end() ||
           std::ranges::find(options.only, group.name) != options.only.end();
}

bool known(const std::vector<Group>& groups, const std::string& name)
{
    return std::ranges::any_of(groups, [&](const Group& group) {
        return group.name == name || std::ranges::any_of(group.bars, [&](const Bar& bar) { return bar.name == name; });
    });
}

void list(const std::vector<Group>& groups)
{
    for (const Group& group : groups)
        for (const Bar& bar : group.bars)
            fmt::print("{:<20} {:<16} {:<18} {}\n", bar.name, group.name, limitText(bar), bar.claim);
}

/// Prints a line a bar; counts what was missed and skipped.
class Report {
public:
    void add(const Bar& bar, const Reading& reading)
    {
        const bool good = reading.value && held(bar, *reading.value);
        const char* verdict = !reading.value ? "SKIPPED" : good ? "held" : "MISSED";
        m_missed += reading.value && !good ? 1 : 0;
        m_skipped += reading.value ? 0 : 1;
        ++m_bars;
        if (reading.value)
            fmt::print("{:<8}{:<66} {:<17} {:>10}\n        {}\n", verdict, bar.claim, limitText(bar),
                       valueText(bar, *reading.value), reading.detail);
        else
            fmt::print("SKIPPED: {}: {}\n", bar.claim, reading.detail);
        std::fflush(stdout);
        nlohmann::json row = {{"name", bar.name},
                              {"claim", bar.claim},
                              {"sense", bar.sense == Sense::AtMost ? "at most" : "at least"},
                              {"bar", bar.limit},
                              {"unit", bar.unit},
                              {"verdict", verdict},
                              {"detail", reading.detail}};
        if (reading.value) row["measured"] = *reading.value;
        m_rows.push_back(std::move(row));
    }
    /// The exit code.
    int finish(double took, const std::string& json) const
    {
        fmt::print("\n{} bars: {} held, {} missed. SKIPPED: {}. {:.0f} s.\n", m_bars, m_bars - m_missed - m_skipped,
                   m_missed, m_skipped, took);
        if (!json.empty()) {
            std::ofstream out(json);
            out << nlohmann::json{{"bars", m_rows}}.dump(2) << '\n';
            out.flush();
            if (!out) {
                fmt::print(stderr, "sluice-bench: '{}' cannot be written\n", json);
                return 1;
            }
        }
        return m_missed == 0 ? 0 : 1;
    }

private:
    nlohmann::json m_rows = nlohmann::json::array();
    int m_bars{0};
    int m_missed{0};
    int m_skipped{0};
};

int measureAll(const std::vector<Group>& groups, const Options& options)
{
    const double begin = seconds();
    Report report;
    for (const Group& group : groups) {
        if (std::ranges::none_of(group.bars, [&](const Bar& bar) { return wanted(options, group, bar); })) continue;
        Sheet sheet;
        group.measure(sheet);
        for (const Bar& bar : group.bars)
            if (wanted(options, group, bar)) report.add(bar, sheet.reading(bar.name));
    }
    return report.finish(seconds() - begin, options.json);
}

} // namespace

int main(int argc, char** argv)
{
    Options options;
    CLI::App app("Measures Sluice's speed as ratios and counts. Ends 0 when every bar holds, 1 when one is missed.");
    app.name("sluice-bench");
    app.add_option("--only", options.only, "Only this bar, or all bars of this group (may be repeated)");
    app.add_option("--json", options.json, "Write the readings to this file as well");
    app.add_flag("--list", options.list, "Name all bars and measure nothing");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    const std::vector<Group> groups = allGroups();
    for (const std::string& name : options.only) {
        if (known(groups, name)) continue;
        fmt::print(stderr, "sluice-bench: there is no bar '{}'; see --list\n", name);
        return 2;
    }
    if (options.list) {
        list(groups);
        return 0;
    }
    qputenv("QT_QPA_PLATFORM", "offscreen");
    const QApplication application(argc, argv);
    return measureAll(groups, options);
}
