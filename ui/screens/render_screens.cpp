// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/render_screens.h"

#include <QApplication>
#include <QDir>
#include <QPixmap>
#include <QTranslator>
#include <algorithm>
#include <array>

#include "core/engine/engine.h"
#include "core/model/playbook_reader.h"
#include "ui/actions/action_catalog.h"
#include "ui/actions/commit_guard.h"
#include "ui/bridge/engine_bridge.h"
#include "ui/emergency/emergency_strip.h"
#include "ui/first_run/first_run_window.h"
#include "ui/screens/pseudo_language.h"
#include "ui/shell/console_pages.h"
#include "ui/shell/main_window.h"
#include "ui/shell/sheet.h"

namespace sluice::ui {

namespace {

constexpr int kLayoutRounds = 8;
constexpr int kHistoryRows = 500;
constexpr QSize kDesk{1440, 900};
constexpr QSize kSmall{1024, 700};

struct Variant {
    const char* name;
    ThemeKind theme;
    QSize size;
    bool longText;
    bool mirrored;
};

const std::vector<Variant>& variants()
{
    static const std::vector<Variant> all{
        {"dark", ThemeKind::Dark, kDesk, false, false},        {"light", ThemeKind::Light, kDesk, false, false},
        {"dark-small", ThemeKind::Dark, kSmall, false, false}, {"light-small", ThemeKind::Light, kSmall, false, false},
        {"long-text", ThemeKind::Light, kSmall, true, false},  {"right-to-left", ThemeKind::Dark, kSmall, true, true},
    };
    return all;
}

struct Camera {
    QWidget& window;
    EngineBridge& bridge;
    const QDir& directory;
    QString variant;
    QStringList& files;

    Result<Done> take(const QString& screen) const;
};

Result<Done> Camera::take(const QString& screen) const
{
    const QString path = directory.filePath(QStringLiteral("%1-%2.png").arg(screen, variant));
    bridge.finishReads();
    // Sizes travel up through nested layouts one round of events at a time.
    for (int round = 0; round < kLayoutRounds; ++round)
        QApplication::sendPostedEvents();
    if (!window.grab().save(path)) return Error{Fault::Unreachable, utf8(path) + " could not be written."};
    files << path;
    return Done{};
}

/// What opens over its page (or over the rollout page): each action that is available now.
Result<Done> takeOpened(MainWindow& window, const Camera& camera)
{
    constexpr std::array<std::pair<const char*, const char*>, 10> kOpened{{{"new-rollout", "fleet.new"},
                                                                           {"approve", "rollout.review"},
                                                                           {"rollback-plan", "rollout.rollback"},
                                                                           {"pause", "rollout.pause"},
                                                                           {"why", "rollout.why"},
                                                                           {"triggers", "rollout.triggers"},
                                                                           {"checklist", "rollout.checklist"},
                                                                           {"palette", "shell.palette"},
                                                                           {"keys", "shell.keys"},
                                                                           {"emergency", "emergency.arm"}}};
    for (const auto& [screen, action] : kOpened) {
        const QString page = QString::fromLatin1(action).section(QLatin1Char('.'), 0, 0);
        window.showPage(window.page(page) != nullptr ? page : QStringLiteral("rollout"));
        window.actions().trigger(QLatin1String(action));
        if (window.openSheet() == nullptr && !window.emergency().armed()) continue;
        const auto taken = camera.take(QLatin1String(screen));
        if (!taken) return taken.error();
        if (window.openSheet() != nullptr) window.openSheet()->closeSheet();
        window.emergency().disarm();
        window.guard().calmPassed();
    }
    return Done{};
}

/// A rollout that goes back, one that went back and one that was completed, where there are.
Result<Done> takeReturn(MainWindow& window, const EngineBridge& bridge, const Camera& camera)
{
    const auto snapshot = bridge.latest();
    for (const auto& [screen, phase] :
         {std::pair{"rolling-back", rollout::Phase::RollingBack}, std::pair{"rolled-back", rollout::Phase::RolledBack},
          std::pair{"completed", rollout::Phase::Stable}}) {
        const auto found =
            std::ranges::find(snapshot->rollouts, phase, [](const auto& view) { return view->state.phase; });
        if (found == snapshot->rollouts.end()) continue;
        window.showRollout(text((*found)->state.id.value));
        const auto taken = camera.take(QLatin1String(screen));
        if (!taken) return taken.error();
    }
    return Done{};
}

/// One rollout of the journal with its decisions: one that went back, where there is one.
Result<Done> takeHistory(MainWindow& window, EngineBridge& bridge, const engine::Engine& engine, const Camera& camera)
{
    const auto rows = engine.history(kHistoryRows, std::nullopt);
    if (!rows) return rows.error();
    const ports::RolloutRow* chosen = rows.value().empty() ? nullptr : &rows.value().front();
    for (const ports::RolloutRow& row : rows.value())
        if (row.outcome == rollout::phaseName(rollout::Phase::RolledBack)) chosen = &row;
    if (chosen == nullptr) return Done{};
    window.showObject(QStringLiteral("history"), text(chosen->id.value));
    bridge.finishReads();
    window.actions().trigger(QStringLiteral("history.verify"));
    return camera.take(QStringLiteral("history-rollout"));
}

/// What people see before anything is configured, then a file with a mistake, then a playbook.
Result<Done> takeFirstRun(const Formats& formats, EngineBridge& bridge, const QDir& directory, const Variant& variant,
                          QStringList& files)
{
    FirstRunWindow window(formats,
                          [](const QString&, const FirstRunWindow::Played&) -> Result<Done> { return Done{}; });
    window.setLayoutDirection(variant.mirrored ? Qt::RightToLeft : Qt::LeftToRight);
    window.setTheme(variant.theme);
    window.resize(variant.size);
    window.show();
    const Camera camera{window, bridge, directory, QLatin1String(variant.name), files};
    if (const auto taken = camera.take(QStringLiteral("first-run")); !taken) return taken.error();
    const std::string broken =
        utf8(sampleConnections().replace(QStringLiteral("[edge-1, edge-2]"), QStringLiteral("[edge-1, edge-3]")));
    window.present(checkConnections(broken, QStringLiteral("connections.yaml")).shown);
    if (const auto taken = camera.take(QStringLiteral("first-run-mistake")); !taken) return taken.error();
    const auto& plan = builtInPlaybooks().front();
    window.present(
        checkPlaybook(std::string(plan.text), text(std::string(plan.name)) + QStringLiteral(".yaml"), formats));
    return camera.take(QStringLiteral("first-run-playbook"));
}

Result<Done> renderVariant(engine::Engine& engine, EngineBridge& bridge, const Formats& formats, const QDir& directory,
                           const Variant& variant, QStringList& files)
{
    MainWindow window(bridge, formats, consolePages());
    window.setLayoutDirection(variant.mirrored ? Qt::RightToLeft : Qt::LeftToRight);
    window.setTheme(variant.theme);
    window.resize(variant.size);
    window.show();
    const Camera camera{window, bridge, directory, QLatin1String(variant.name), files};
    for (const QString& page : window.pageIds()) {
        window.showPage(page);
        const auto taken = camera.take(page);
        if (!taken) return taken.error();
    }
    const auto opened = takeOpened(window, camera);
    if (!opened) return opened.error();
    const auto back = takeReturn(window, bridge, camera);
    if (!back) return back.error();
    return takeHistory(window, bridge, engine, camera);
}

} // namespace

Result<Done> checkVariants(const QStringList& only)
{
    QStringList known;
    for (const Variant& variant : variants())
        known << QLatin1String(variant.name);
    for (const QString& one : only)
        if (!known.contains(one))
            return Error{Fault::BadInput, "There are no screenshots “" + utf8(one) + "”; there are " +
                                              utf8(known.join(QStringLiteral(", "))) + "."};
    return Done{};
}

Result<QStringList> renderScreens(engine::Engine& engine, const Formats& formats, const QString& directory,
                                  const QStringList& only)
{
    if (const auto known = checkVariants(only); !known) return known.error();
    const QDir folder(directory);
    if (!folder.mkpath(QStringLiteral("."))) return Error{Fault::Unreachable, utf8(directory) + " could not be made."};
    QStringList files;
    EngineBridge bridge(engine, {.person = PersonId("you"), .roles = {"engineering-lead"}, .proof = "os"});
    for (const Variant& variant : variants()) {
        if (!only.isEmpty() && !only.contains(QLatin1String(variant.name))) continue;
        PseudoLanguage language;
        if (variant.longText) QApplication::installTranslator(&language);
        auto done = takeFirstRun(formats, bridge, folder, variant, files);
        if (done) done = renderVariant(engine, bridge, formats, folder, variant, files);
        QApplication::removeTranslator(&language);
        if (!done) return done.error();
    }
    return files;
}

} // namespace sluice::ui
