// SPDX-License-Identifier: GPL-3.0-or-later
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>

#include <QApplication>
#include <QStringList>
#include <QTimeZone>
#include <unistd.h>

#include "app/composition/find_connections.h"
#include "app/sluice/backend.h"
#include "app/sluice/console_options.h"
#include "ui/bridge/engine_bridge.h"
#include "ui/bridge/text.h"
#include "ui/first_run/first_run_window.h"
#include "ui/screens/render_screens.h"
#include "ui/shell/console_pages.h"
#include "ui/shell/main_window.h"
#include "ui/shell/window_place.h"
#include "ui/theme/theme.h"

namespace {

using namespace sluice;
using namespace sluice::app;

constexpr int kBadInput = 2;
constexpr int kRefused = 3;
constexpr int kOutOfReach = 4;
constexpr QSize kConsole{1440, 900};
constexpr QSize kFirstRun{1200, 900};

ui::ThemeKind themeOf(const ConsoleOptions& options)
{
    return options.theme == "light" ? ui::ThemeKind::Light : ui::ThemeKind::Dark;
}

int fail(const Error& error)
{
    std::fprintf(stderr, "sluice: %s\n", error.detail.c_str());
    if (error.fault == Fault::BadInput) return kBadInput;
    return error.fault == Fault::Refused ? kRefused : kOutOfReach;
}

QStringList chosenVariants(const ConsoleOptions& options)
{
    QStringList only;
    for (const std::string& variant : options.variants)
        only << QString::fromStdString(variant);
    return only;
}

int renderAll(const Backend& backend, const ConsoleOptions& options, const ui::Formats& formats)
{
    const auto files = ui::renderScreens(backend.engine(), formats, QString::fromStdString(options.screenshots),
                                         chosenVariants(options));
    if (!files.ok()) return fail(files.error());
    std::printf("sluice: %lld screens in %s\n", static_cast<long long>(files.value().size()),
                options.screenshots.c_str());
    return 0;
}

/// The console over its engine; the engine outlives the window.
struct Console {
    Console(Backend given, const ConsoleOptions& options, const ui::Formats& formats)
        : backend(std::move(given))
        , bridge(backend.engine(), backend.me)
        , window(bridge, formats, ui::consolePages())
    {
        window.setTheme(themeOf(options));
        ui::sizeForScreen(&window, kConsole);
        window.show();
        if (backend.demo) backend.demo->run();
    }

    Backend backend;
    ui::EngineBridge bridge;
    ui::MainWindow window;
};

/// Nothing is configured, or what is configured has mistakes: a window that offers what can be done about it.
int runFirst(const ConsoleOptions& options, const ui::Formats& formats)
{
    std::optional<Backend> opened;
    std::unique_ptr<Console> console;
    ui::FirstRunWindow first(
        formats,
        [&opened, &options](const QString& connections, const ui::FirstRunWindow::Played& played) -> Result<Done> {
            ConsoleOptions chosen = options;
            chosen.connections = ui::utf8(connections);
            auto backend = openBackend(chosen, [&played](Duration done) { played(done, DemoFleet::kPlayed); });
            if (!backend.ok()) return backend.error();
            opened = std::move(backend).value();
            return Done{};
        });
    QObject::connect(&first, &ui::FirstRunWindow::opened, &first, [&] {
        console = std::make_unique<Console>(std::move(*opened), options, formats);
        first.hide();
    });
    first.setTheme(themeOf(options));
    ui::sizeForScreen(&first, kFirstRun);
    first.show();
    first.firstFocus()->setFocus(Qt::OtherFocusReason);
    if (!options.connections.empty()) first.openConnections(ui::text(options.connections));
    const int code = QApplication::exec();
    return console || options.connections.empty() ? code : kBadInput;
}

int render(const ConsoleOptions& options, const ui::Formats& formats)
{
    // Before the demo is played forward for many seconds.
    if (const auto known = ui::checkVariants(chosenVariants(options)); !known) return fail(known.error());
    auto backend = openBackend(options);
    return backend.ok() ? renderAll(backend.value(), options, formats) : fail(backend.error());
}

/// How far the demo is, on one line of a terminal; elsewhere each quarter of it.
void tellPlayed(Duration played)
{
    const auto all = std::chrono::duration_cast<std::chrono::minutes>(DemoFleet::kPlayed).count();
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(played).count();
    const bool terminal = isatty(STDERR_FILENO) != 0;
    if (!terminal && minutes % 15 != 0) return;
    std::fprintf(stderr, "%ssluice: playing the demo's first hour forward, minute %ld of %ld; then the window opens%s",
                 terminal ? "\r" : "", static_cast<long>(minutes), static_cast<long>(all),
                 terminal && minutes + 1 < all ? "" : "\n");
}

int run(const ConsoleOptions& options, const ui::Formats& formats)
{
    if (!options.demo && options.connections.empty()) return runFirst(options, formats);
    auto backend = options.demo ? openBackend(options, tellPlayed) : openBackend(options);
    if (backend.ok()) {
        const Console console(std::move(backend).value(), options, formats);
        return QApplication::exec();
    }
    const int code = fail(backend.error());
    // Mistakes in a file are easier to mend beside what the window offers; everything else is for the terminal.
    return code == kBadInput && !options.demo ? runFirst(options, formats) : code;
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
    ConsoleOptions options = parsed.options;
    if (!options.demo && options.connections.empty() && options.screenshots.empty())
        options.connections = findConnections().value_or("");
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
    return options.screenshots.empty() ? run(options, formats) : render(options, formats);
}
