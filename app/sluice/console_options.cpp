// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluice/console_options.h"

#include <CLI/CLI.hpp>

namespace sluice::app {

Parsed parseConsoleOptions(int argc, char** argv)
{
    Parsed parsed;
    ConsoleOptions& o = parsed.options;
    CLI::App app("Sluice: the console for progressive delivery.");
    app.set_version_flag("--version", "sluice " SLUICE_VERSION);
    app.name("sluice");
    auto* connections =
        app.add_option("--connections", o.connections, "Connections file: targets, proxies, metrics, people");
    app.add_option("--store", o.store, "Journal file instead of the one that the connections file names");
    app.add_option("--as", o.as, "Act as this person (lab targets only)");
    app.add_flag("--demo", o.demo, "A simulated fleet; nothing outside the program is touched")->excludes(connections);
    app.add_option("--speed", o.speed, "Simulated seconds a second, with --demo")->check(CLI::Range(0.1, 600.0));
    app.add_option("--screenshots", o.screenshots, "Render every screen into this folder, without a display");
    app.add_option("--only", o.variants, "Only these variants of the screenshots, e.g. dark light");
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
