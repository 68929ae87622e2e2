// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/console_stand.h"
#include "tests/ui/plain_words.h"
#include "ui/actions/command_palette.h"
#include "ui/charts/chart_picture.h"
#include "ui/screens/pseudo_language.h"

using namespace sluice;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using test::plain;

Q_DECLARE_METATYPE(sluice::Unit)
Q_DECLARE_METATYPE(sluice::Duration)

namespace {

/// Tests write plain spaces where screens have no-break ones.
} // namespace

class TextTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void valuesCarryTheirUnit_data()
    {
        QTest::addColumn<qint64>("millionths");
        QTest::addColumn<Unit>("unit");
        QTest::addColumn<QString>("even");
        QTest::addColumn<QString>("trimmed");
        QTest::newRow("small share") << qint64{6'800} << Unit::Ratio << "0.68 %"
                                     << "0.68 %";
        QTest::newRow("limit share") << qint64{20'000} << Unit::Ratio << "2.0 %"
                                     << "2 %";
        QTest::newRow("large share") << qint64{380'000} << Unit::Ratio << "38 %"
                                     << "38 %";
        QTest::newRow("zero share") << qint64{0} << Unit::Ratio << "0.00 %"
                                    << "0 %";
        QTest::newRow("latency") << qint64{412'000} << Unit::Time << "412 ms"
                                 << "412 ms";
        QTest::newRow("thousands") << qint64{1'310'000} << Unit::Time << "1 310 ms"
                                   << "1 310 ms";
        QTest::newRow("short latency") << qint64{2'500} << Unit::Time << "2.5 ms"
                                       << "2.5 ms";
        QTest::newRow("rate") << qint64{201'000'000} << Unit::PerSecond << "201 /s"
                              << "201 /s";
        QTest::newRow("count") << qint64{5'000'000} << Unit::Count << "5"
                               << "5";
        QTest::newRow("million") << qint64{1'234'567'000'000} << Unit::Count << "1 234 567"
                                 << "1 234 567";
        QTest::newRow("negative") << qint64{-1'310'000} << Unit::Time << "-1 310 ms"
                                  << "-1 310 ms";
    }
    void valuesCarryTheirUnit()
    {
        QFETCH(qint64, millionths);
        QFETCH(Unit, unit);
        QTEST(plain(ui::valueText(millionths, unit, test::formats())), "even");
        QTEST(plain(ui::valueText(millionths, unit, test::formats(), ui::Digits::Trimmed)), "trimmed");
    }

    void theDecimalSignIsThatOfTheLanguage()
    {
        const ui::Formats german{.locale = QLocale(QLocale::German), .zone = QTimeZone::utc()};
        QCOMPARE(plain(ui::valueText(6'800, Unit::Ratio, german)), QStringLiteral("0,68 %"));
        QCOMPARE(plain(ui::valueText(20'000, Unit::Ratio, german, ui::Digits::Trimmed)), QStringLiteral("2 %"));
    }

    void aMissingValueIsADashAndNotAZero()
    {
        QCOMPARE(ui::valueText(std::optional<int64_t>{}, Unit::Ratio, test::formats()), QStringLiteral("—"));
    }

    void aScoreIsNeverRoundedUpIntoABetterBand()
    {
        QCOMPARE(ui::scoreText(89'999), QStringLiteral("89"));
        QCOMPARE(ui::scoreText(std::nullopt), QStringLiteral("—"));
    }

    void lengthsReadAsWritten_data()
    {
        QTest::addColumn<Duration>("length");
        QTest::addColumn<QString>("written");
        QTest::addColumn<QString>("clock");
        QTest::newRow("ms") << Duration(milliseconds(250)) << "250 ms"
                            << "0:00";
        QTest::newRow("s") << Duration(seconds(40)) << "40 s"
                           << "0:40";
        QTest::newRow("min") << Duration(minutes(15)) << "15 min"
                             << "15:00";
        QTest::newRow("min and s") << Duration(seconds(774)) << "12 min 54 s"
                                   << "12:54";
        QTest::newRow("h") << Duration(std::chrono::hours(24)) << "24 h"
                           << "24:00:00";
        QTest::newRow("h and min") << Duration(minutes(65)) << "1 h 5 min"
                                   << "1:05:00";
    }
    void lengthsReadAsWritten()
    {
        QFETCH(Duration, length);
        QTEST(plain(ui::lengthText(length, test::formats())), "written");
        QTEST(ui::clockText(length), "clock");
    }

    void agesGetCoarserAsTheyGrow()
    {
        const auto age = [](Duration d) { return plain(ui::agoText(d, test::formats())); };
        QCOMPARE(age(milliseconds(800)), QStringLiteral("0.8 s ago"));
        QCOMPARE(age(milliseconds(12'700)), QStringLiteral("12 s ago"));
        QCOMPARE(age(seconds(330)), QStringLiteral("5 min ago"));
        QCOMPARE(age(std::chrono::hours(3)), QStringLiteral("3 h ago"));
        QCOMPARE(age(std::chrono::hours(24 * 9)), QStringLiteral("9 d ago"));
    }

    void timesAreThoseOfTheZone()
    {
        QCOMPARE(ui::timeText(support::sampleNow().wall, test::formats()), QStringLiteral("14:32:06"));
        QCOMPARE(ui::zoneText(support::sampleNow().wall, test::formats()), QStringLiteral("CET"));
    }

    void anAxisEndsAtARoundNumberNotBelowTheData()
    {
        QCOMPARE(ui::niceTop(23), int64_t{25});
        QCOMPARE(ui::niceTop(25), int64_t{25});
        QCOMPARE(ui::niceTop(1'510'000), int64_t{2'000'000});
        QCOMPARE(ui::niceTop(0), int64_t{1});
        for (int64_t value = 1; value < 5'000'000'000; value = value * 7 / 3 + 1)
            QVERIFY(ui::niceTop(value) >= value);
    }

    void aFewLettersFindAnAction()
    {
        QVERIFY(ui::matchScore(QStringLiteral("pau"), QStringLiteral("Pause")) > 0);
        QVERIFY(ui::matchScore(QStringLiteral("rb"), QStringLiteral("Roll back")) >
                ui::matchScore(QStringLiteral("rb"), QStringLiteral("Carbon")));
        QCOMPARE(ui::matchScore(QStringLiteral("xyz"), QStringLiteral("Pause")), -1);
        QCOMPARE(ui::matchScore({}, QStringLiteral("Pause")), 0);
        // What begins a word, before what stands inside of one, before letters that are scattered.
        const auto theme = [](const char* text) {
            return ui::matchScore(QStringLiteral("theme"), QString::fromLatin1(text));
        };
        QVERIFY(theme("Theme of the window") > theme("Switch the theme"));
        QVERIFY(theme("Switch the theme") > theme("Synthemes"));
        QVERIFY(theme("Synthemes") > theme("Fire the armed emergency"));
        QVERIFY(theme("Fire the armed emergency") > 0);
    }

    void thePseudoLanguageKeepsPlacesForValues()
    {
        const QString text = ui::pseudoText(QStringLiteral("Promote %1 to %2"));
        QVERIFY(text.contains(QStringLiteral("%1")) && text.contains(QStringLiteral("%2")));
        QVERIFY(text.size() >= 16 * 14 / 10);
    }
};

SLUICE_UI_TEST_MAIN(TextTest)
#include "text_test.moc"
