// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <cstdio>

#include "tests/support/fake_engine.h"
#include "tests/support/sample_history.h"
#include "tests/support/sample_snapshot.h"
#include "ui/screens/render_screens.h"
#include "ui/theme/theme.h"

// Writes every screen of the hand-made fleet, to be looked at beside the pictures: sluice-ui-preview DIR
int main(int argc, char** argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    const QApplication application(argc, argv);
    if (argc != 2 || !sluice::ui::prepareApplication()) {
        std::fprintf(stderr, "sluice-ui-preview: wants one folder, and its fonts\n");
        return 2;
    }
    sluice::support::FakeEngine engine(sluice::support::sampleSnapshot());
    sluice::support::addSampleHistory(engine);
    const sluice::ui::Formats formats{.locale = QLocale(QLocale::English), .zone = QTimeZone("Europe/Berlin")};
    const auto files = sluice::ui::renderScreens(engine, formats, QString::fromLocal8Bit(argv[1]));
    if (!files) {
        std::fprintf(stderr, "sluice-ui-preview: %s\n", files.error().detail.c_str());
        return 4;
    }
    std::printf("%d screens\n", static_cast<int>(files.value().size()));
    return 0;
}
