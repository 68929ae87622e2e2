// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include <QApplication>
#include <QStringList>
#include <QTimeZone>

#include "app/composition/composition_root.h"
#include "app/composition/demo_fleet.h"
#include "app/composition/identity.h"
#include "app/sluice/console_options.h"
#include "ui/bridge/engine_bridge.h"
#include "ui/bridge/text.h"
#include "ui/screens/render_screens.h"
#include "ui/shell/console_pages.h"
#include "ui/shell/main_window.h"
#include "ui/theme/theme.h"

namespace {

using namespace sluice;
using namespace sluice::app;

constexpr int kOutOfReach = 4;
/// Screenshots of the demo show this instant, wherever and whenever they are made.
constexpr int64_t kPictureInstant = 1'795'271'526'000'000; // 2026-11-21T14:32:06Z

int fail(const Error& error)
{
    std::fprintf(stderr, "sluice: %s\n", error.detail.c_str());
    if (error.fault == Fault::BadInput) return 2;
    return error.fault == Fault::Refused ? 3 : kOutOfReach;
}

/// The engine behind the window, real or simulated. Outlives the window.
struct Backend {
    std::unique_ptr<DemoFleet> demo{};
    std::unique_ptr<Composition> composition{};
    rollout::Actor me{};

    engine::Engine& engine() const { return demo ? demo->engine() : composition->engine(); }
};

Result<Backend> openBackend(const ConsoleOptions& options)
{
    Backend backend;
    if (options.connections.empty()) {
        const bool picture = !options.screenshots.empty();
        auto demo = DemoFleet::create({.speed = options.speed,
                                       .start = picture ? wallTime(kPictureInstant) - DemoFleet::kPlayed : WallTime{},
                                       .frozen = picture});
        if (!demo.ok()) return demo.error();
        backend.demo = std::move(demo).value();
        auto me = namedPerson(backend.demo->connections(), options.as.empty() ? "you" : options.as);
        if (!me.ok()) return me.error();
        backend.me = std::move(me).value();
        return backend;
    }
    const auto connections = loadConnections(options.connections);
    if (!connections.ok()) return connections.error();
    bool lab = true;
    for (const TargetConfig& target : connections.value().targets)
        lab = lab && target.lab;
    auto me = identify(connections.value(), options.as, lab);
    if (!me.ok()) return me.error();
    backend.me = std::move(me).value();
    auto composition = Composition::start({.connectionsFile = options.connections,
                                           .store = options.store,
                                           .engineTitle = "this console",
                                           .person = backend.me.person,
                                           .drive = options.screenshots.empty()});
    if (!composition.ok()) return composition.error();
    backend.composition = std::move(composition).value();
    return backend;
}

int renderAll(const Backend& backend, const ConsoleOptions& options, const ui::Formats& formats)
{
    QStringList only;
    for (const std::string& variant : options.variants)
        only << QString::fromStdString(variant);
    const auto files = ui::renderScreens(backend.engine(), formats, QString::fromStdString(options.screenshots), only);
    if (!files.ok()) return fail(files.error());
    std::printf("sluice: %lld screens in %s\n", static_cast<long long>(files.value().size()),
                options.screenshots.c_str());
    return 0;
}

int runWindow(const Backend& backend, const ConsoleOptions& options, const ui::Formats& formats)
{
    ui::EngineBridge bridge(backend.engine(), backend.me);
    ui::MainWindow window(bridge, formats, ui::consolePages());
    window.setTheme(options.theme == "light" ? ui::ThemeKind::Light : ui::ThemeKind::Dark);
    window.resize(1440, 900);
    window.show();
    if (backend.demo) backend.demo->run();
    return QApplication::exec();
}

bool hasDisplay()
{
    for (const char* name : {"WAYLAND_DISPLAY", "DISPLAY", "QT_QPA_PLATFORM"})
        if (const char* value = std::getenv(name); value != nullptr && *value != '\0') return true;
    return false;
}

} // namespace

int main(int argc, char** argv)
{
    const Parsed parsed = parseConsoleOptions(argc, argv);
    if (!parsed.goOn) return parsed.exitCode;
    const ConsoleOptions& options = parsed.options;
    if (!options.screenshots.empty()) {
        qputenv("QT_QPA_PLATFORM", "offscreen");
    } else if (!hasDisplay()) {
        std::fprintf(stderr, "sluice: there is no display; use 'sluicectl', or 'sluice --screenshots DIR'.\n");
        return kOutOfReach;
    }
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("Sluice"));
    if (!ui::prepareApplication()) return fail({Fault::Internal, "The compiled-in fonts cannot be loaded."});
    ui::Formats formats;
    if (options.screenshots.empty()) formats.zone = QTimeZone::systemTimeZone();
    if (options.screenshots.empty() && options.connections.empty())
        std::fprintf(stderr, "sluice: playing the demo fleet forward; the window opens in a few seconds\n");
    auto backend = openBackend(options);
    if (!backend.ok()) return fail(backend.error());
    return options.screenshots.empty() ? runWindow(backend.value(), options, formats)
                                       : renderAll(backend.value(), options, formats);
}
