// SPDX-License-Identifier: GPL-3.0-or-later
// Prints what the seeds ask, how it is met, the test that shows it and its result; ends 0 when nothing is red or
// missing.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <string>

#include <CLI/CLI.hpp>
#include <QStringList>
#include <fmt/format.h>

#include "tests/seeds/seed_rows.h"
#include "tests/seeds/seed_runs.h"

namespace sluice::seeds {
namespace {

constexpr int kUsage = 2;
constexpr std::array kResults{"green", "red", "missing", "planned"};

struct Tested {
    QStringList tests{};
    QString problem{};
    bool passed{true};
};

const char* resultOf(const SeedRow& row, const std::map<QString, Tested>& tested)
{
    const auto found = tested.find(row.id);
    if (found != tested.end()) return found->second.passed ? "green" : "red";
    return row.isPlanned() ? "planned" : "missing";
}

Result<std::map<QString, Tested>> runAll()
{
    std::map<QString, Tested> tested;
    for (const QString& name : QStringLiteral(SLUICE_SEED_TESTS).split(u',')) {
        const auto runs = runSeedTest(QStringLiteral(SLUICE_BIN_DIR "/") + name);
        if (!runs.ok()) return runs.error();
        for (const SeedRun& run : runs.value()) {
            Tested& row = tested[run.row];
            row.tests << name + QStringLiteral("::") + run.function;
            row.passed = row.passed && run.passed;
            if (!run.passed) row.problem = run.problem;
        }
    }
    return tested;
}

void print(const SeedRow& row, const char* result, const std::map<QString, Tested>& tested)
{
    fmt::print("{:<8} {:<8} {}\n", row.id.toStdString(), result, row.asked.toStdString());
    if (!row.met.isEmpty()) fmt::print("{:17} {}\n", "", row.met.toStdString());
    const auto found = tested.find(row.id);
    if (found == tested.end()) return;
    for (const QString& test : found->second.tests)
        fmt::print("{:17} {}\n", "", test.toStdString());
    if (!found->second.problem.isEmpty()) fmt::print("{:17} {}\n", "", found->second.problem.toStdString());
}

int table(const std::vector<std::string>& only, const std::vector<std::string>& wanted)
{
    const auto rows = readSeedRows(QStringLiteral(SLUICE_SEED_ROWS));
    const auto tested = rows.ok() ? runAll() : Result<std::map<QString, Tested>>(rows.error());
    if (!tested.ok()) {
        fmt::print(stderr, "sluice-seeds: {}\n", tested.error().detail);
        return kUsage;
    }
    std::map<std::string, int> counts;
    int all = 0;
    for (const SeedRow& row : rows.value()) {
        const auto begins = [&](const std::string& id) { return row.id.startsWith(QString::fromStdString(id)); };
        if (!only.empty() && std::ranges::none_of(only, begins)) continue;
        const char* result = resultOf(row, tested.value());
        ++counts[result];
        ++all;
        if (wanted.empty() || std::ranges::find(wanted, result) != wanted.end()) print(row, result, tested.value());
    }
    fmt::print("\n{} rows: {} green, {} red, {} missing, {} planned\n", all, counts["green"], counts["red"],
               counts["missing"], counts["planned"]);
    return counts["red"] + counts["missing"] == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

} // namespace
} // namespace sluice::seeds

int main(int argc, char** argv)
{
    CLI::App app("What the five seeds ask, and which test shows that it is met.");
    std::vector<std::string> only;
    std::vector<std::string> results;
    app.add_option("--only", only, "Only rows whose id begins so, e.g. O-1 (may be repeated)");
    app.add_option("--result", results, "Print only rows with this result; the counts are of all")
        ->check(
            CLI::IsMember(std::vector<std::string>(sluice::seeds::kResults.begin(), sluice::seeds::kResults.end())));
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const int code = app.exit(error);
        return code == 0 ? EXIT_SUCCESS : sluice::seeds::kUsage;
    }
    return sluice::seeds::table(only, results);
}
