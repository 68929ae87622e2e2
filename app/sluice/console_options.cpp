// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluice/console_options.h"

#include <CLI/CLI.hpp>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>

namespace sluice::app {

namespace {

constexpr std::string_view kJournalHead = "SQLite format 3"; ///< first bytes of a journal

/// Nothing, or why the file cannot be read.
std::string readableFile(const std::string& path)
{
    std::error_code problem;
    if (std::filesystem::is_directory(path, problem)) return "'" + path + "' is a folder; name the file in it";
    if (std::ifstream(path).good()) return {};
    return "'" + path + "' cannot be read: " + std::generic_category().message(errno) +
           "; name a file that is there, or none to begin with the demo";
}

/// Nothing, or why no journal can be kept there.
std::string journalFile(const std::string& path)
{
    std::error_code problem;
    if (std::filesystem::is_directory(path, problem))
        return "'" + path + "' is a folder; name a file in it, e.g. " +
               (std::filesystem::path(path) / "journal.db").string();
    const std::filesystem::path folder = std::filesystem::absolute(path, problem).parent_path();
    if (!std::filesystem::is_directory(folder, problem))
        return "there is no folder '" + folder.string() + "'; make it first, or name a file in one that is there";
    std::ifstream file(path, std::ios::binary);
    std::string head(kJournalHead.size(), ' ');
    const bool other =
        file.read(head.data(), static_cast<std::streamsize>(head.size())).gcount() > 0 && head != kJournalHead;
    return other ? "'" + path + "' is not a journal; name a journal or a file that is not there yet" : std::string();
}

} // namespace

Parsed parseConsoleOptions(int argc, char** argv)
{
    Parsed parsed;
    ConsoleOptions& o = parsed.options;
    CLI::App app("Sluice: the console for progressive delivery.");
    app.set_version_flag("--version", "sluice " SLUICE_VERSION);
    app.name("sluice");
    auto* connections =
        app.add_option("--connections", o.connections, "Connections file: targets, proxies, metrics, people");
    connections->check(readableFile);
    auto* store = app.add_option("--store", o.store, "Journal file instead of the one that the connections file names")
                      ->check(journalFile);
    app.add_option("--as", o.as, "Act as this person (lab targets only)");
    app.add_flag("--demo", o.demo, "A simulated fleet; nothing outside the program is touched")
        ->excludes(connections)
        ->excludes(store);
    app.add_option("--speed", o.speed, "Simulated seconds a second, with --demo")->check(CLI::Range(0.1, 600.0));
    auto* screenshots =
        app.add_option("--screenshots", o.screenshots, "Render every screen into this folder, without a display");
    app.add_option("--only", o.variants, "Only these variants of the screenshots, e.g. dark light")->needs(screenshots);
    app.add_option("--theme", o.theme, "dark or light")->check(CLI::IsMember({"dark", "light"}));
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        parsed.goOn = false;
        parsed.exitCode = app.exit(error) == 0 ? 0 : 2;
    }
    return parsed;
}

} // namespace sluice::app
