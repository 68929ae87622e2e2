// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QApplication>
#include <QRegularExpression>
#include <QTest>
#include <variant>

#include "tests/support/fake_engine.h"
#include "tests/support/sample_history.h"
#include "tests/support/sample_snapshot.h"
#include "ui/actions/action_catalog.h"
#include "ui/actions/commit_guard.h"
#include "ui/bridge/engine_bridge.h"
#include "ui/bridge/text.h"
#include "ui/emergency/emergency_strip.h"
#include "ui/shell/console_pages.h"
#include "ui/shell/main_window.h"
#include "ui/shell/sheet.h"
#include "ui/theme/theme.h"

namespace sluice::test {

inline ui::Formats formats()
{
    return {.locale = QLocale(QLocale::English), .zone = QTimeZone("Europe/Berlin")};
}

/// An engineering lead who did not start anything.
inline rollout::Actor lead()
{
    return {.person = PersonId("lead"), .roles = {"engineering-lead"}, .proof = "os"};
}

/// Lets sizes travel through nested layouts and queued calls arrive; nothing here waits.
inline void settle()
{
    for (int round = 0; round < 8; ++round)
        QApplication::sendPostedEvents();
}

/// The whole console on a hand-made fleet.
struct ConsoleStand {
    explicit ConsoleStand(support::Scene scene = support::Scene::Live, rollout::Actor me = lead())
        : engine(support::sampleSnapshot(scene))
        , bridge(engine, std::move(me))
        , window(bridge, shownFormats, ui::consolePages())
    {
        support::addSampleHistory(engine);
        window.setTheme(ui::ThemeKind::Dark);
        window.resize(1440, 900);
        window.show();
        window.activateWindow();
        if (!QTest::qWaitForWindowActive(&window)) qFatal("the window does not become active");
        window.showPage(QStringLiteral("rollout"));
        settle();
    }

    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QWidget* target = QApplication::focusWidget() != nullptr ? QApplication::focusWidget() : &window;
        QTest::keyClick(target, key, modifiers);
        settle();
    }

    template <class W>
    W* find(const char* name) const
    {
        return window.findChild<W*>(QLatin1String(name));
    }

    /// What was asked last, when it is a C; null otherwise.
    template <class C>
    const C* lastAsked() const
    {
        return engine.asked.empty() ? nullptr : std::get_if<C>(&engine.asked.back());
    }

    ui::Formats shownFormats{formats()};
    support::FakeEngine engine;
    ui::EngineBridge bridge;
    ui::MainWindow window;
};

} // namespace sluice::test

/// A Qt Test program with the console's fonts and style; any Qt warning fails the test that caused it.
#define SLUICE_UI_TEST_MAIN(TestClass)                                                                                 \
    int main(int argc, char** argv)                                                                                    \
    {                                                                                                                  \
        QApplication application(argc, argv);                                                                          \
        if (!sluice::ui::prepareApplication()) return 2;                                                               \
        TestClass test;                                                                                                \
        return QTest::qExec(&test, argc, argv);                                                                        \
    }
