// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/render_screens.h"

#include <QApplication>
#include <QDir>
#include <QPixmap>
#include <QTranslator>

#include "core/engine/engine.h"
#include "ui/bridge/engine_bridge.h"
#include "ui/screens/pseudo_language.h"
#include "ui/shell/console_pages.h"
#include "ui/shell/main_window.h"

namespace sluice::ui {

namespace {

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

Result<QString> grab(MainWindow& window, const QString& path)
{
    QApplication::sendPostedEvents();
    if (!window.grab().save(path)) return Error{Fault::Unreachable, utf8(path) + " could not be written."};
    return path;
}

Result<Done> renderVariant(EngineBridge& bridge, const Formats& formats, const QDir& directory, const Variant& variant,
                           QStringList& files)
{
    MainWindow window(bridge, formats, consolePages());
    window.setLayoutDirection(variant.mirrored ? Qt::RightToLeft : Qt::LeftToRight);
    window.setTheme(variant.theme);
    window.resize(variant.size);
    window.show();
    for (const QString& page : window.pageIds()) {
        window.showPage(page);
        const QString name = QStringLiteral("%1-%2.png").arg(page, QLatin1String(variant.name));
        const auto written = grab(window, directory.filePath(name));
        if (!written) return written.error();
        files << written.value();
    }
    return Done{};
}

} // namespace

Result<QStringList> renderScreens(engine::Engine& engine, const Formats& formats, const QString& directory)
{
    const QDir folder(directory);
    if (!folder.mkpath(QStringLiteral("."))) return Error{Fault::Unreachable, utf8(directory) + " could not be made."};
    QStringList files;
    EngineBridge bridge(engine, {.person = PersonId("you"), .roles = {"engineering-lead"}, .proof = "os"});
    for (const Variant& variant : variants()) {
        PseudoLanguage language;
        if (variant.longText) QApplication::installTranslator(&language);
        const auto done = renderVariant(bridge, formats, folder, variant, files);
        QApplication::removeTranslator(&language);
        if (!done) return done.error();
    }
    return files;
}

} // namespace sluice::ui
