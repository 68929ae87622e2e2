// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

#include <QRegularExpression>

#include "tests/tidy/checks.h"

namespace sluice::tidy {

namespace {

Findings every(const SourceFile& file, const QRegularExpression& banned, const QString& right)
{
    Findings out;
    for (auto it = banned.globalMatch(file.code); it.hasNext();) {
        const auto match = it.next();
        out.push_back({file.path, file.lineAt(match.capturedStart()),
                       QStringLiteral("%1: %2").arg(match.captured().trimmed(), right)});
    }
    return out;
}

/// The rooms that own time and chance, or that measure.
bool mayReadClock(const SourceFile& file)
{
    if (file.under("core/adapters/")) return file.path.section(u'/', -1).contains(QLatin1String("clock"));
    return file.under("core/sim/") || file.under("app/sluice-lab/") || file.under("tests/bench/");
}

} // namespace

Findings checkSleepInTests(const SourceFile& file)
{
    static const QRegularExpression sleeps(QStringLiteral(
        R"((?<![\w.>])(?:[\w:]+::|::)?(?:usleep|nanosleep|clock_nanosleep|sleep_for|sleep_until|qSleep|msleep|qWait|sleep)\s*\()"));
    // A measurement over a stretch of time is as long as it is.
    if (!file.isCpp() || !file.under("tests/") || file.under("tests/bench/")) return {};
    return every(file, sleeps, QStringLiteral("a test waits for a condition with a deadline, it does not sleep"));
}

Findings checkClockAndRandomness(const SourceFile& file)
{
    static const QRegularExpression clocks(
        QStringLiteral(R"(\b(?:system|steady|high_resolution|file|utc|tai|gps)_clock::now\b)"
                       R"(|(?<![\w.>])(?:std::|::)?time\s*\(\s*(?:nullptr|NULL|0|&\s*\w+)\s*\))"
                       R"(|(?<![\w.>])(?:::)?(?:clock_gettime|gettimeofday|timespec_get)\s*\()"
                       R"(|\bQ(?:DateTime|Date|Time)::current\w+)"));
    static const QRegularExpression chance(QStringLiteral(
        R"(\b(?:random_device|mt19937(?:_64)?|minstd_rand0?|default_random_engine|QRandomGenerator(?:64)?)\b)"
        R"(|(?<![\w.>])(?:std::|::)?(?:s?rand|rand_r|srandom|s?rand48|drand48|getrandom|getentropy|RAND_bytes)\s*\()"));
    if (!file.isCpp() || mayReadClock(file)) return {};
    Findings out = every(file, clocks, QStringLiteral("take the time as an argument or through ports::Clock"));
    std::ranges::move(
        every(file, chance, QStringLiteral("chance belongs to the clock adapter and to core/sim, seeded")),
        std::back_inserter(out));
    return out;
}

Findings checkQtTraps(const SourceFile& file)
{
    struct Trap {
        QRegularExpression call;
        QString right;
    };
    static const std::array traps = {
        Trap{QRegularExpression(QStringLiteral(R"((?<![\w.>:])(?:this->|QObject::)?sender\s*\(\s*\))")),
             QStringLiteral("say who sends with a lambda or an argument")},
        Trap{QRegularExpression(QStringLiteral(R"(\bprocessEvents\s*\()")),
             QStringLiteral("let the event loop come round by itself")},
        Trap{QRegularExpression(QStringLiteral(R"((?<!\w)(?:SIGNAL|SLOT)\s*\()")),
             QStringLiteral("connect with function pointers")},
    };
    Findings out;
    if (!file.isCpp()) return out;
    for (const Trap& trap : traps)
        std::ranges::move(every(file, trap.call, trap.right), std::back_inserter(out));
    static const QRegularExpression loops(QStringLiteral(R"(\bQEventLoop\b)"));
    if (file.under("ui/") || file.under("app/"))
        std::ranges::move(every(file, loops, QStringLiteral("no loop inside the loop: answer by signal")),
                          std::back_inserter(out));
    return out;
}

Findings checkGlobs(const SourceFile& file)
{
    static const QRegularExpression glob(QStringLiteral(R"(\bfile\s*\(\s*GLOB\w*)"));
    if (!file.path.endsWith(QLatin1String("CMakeLists.txt")) && !file.path.endsWith(QLatin1String(".cmake"))) return {};
    return every(file, glob, QStringLiteral("name each source"));
}

} // namespace sluice::tidy
