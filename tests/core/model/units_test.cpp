// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>

#include <rapidcheck.h>

#include <QtTest>

#include "core/model/units.h"

using namespace sluice;
using namespace std::chrono_literals;

namespace {

QByteArray bytes(const std::string& text)
{
    return QByteArray::fromStdString(text);
}

} // namespace

class UnitsTest : public QObject {
    Q_OBJECT

private slots:
    void aDurationIsReadExactly_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qint64>("us");
        const auto row = [](const char* text, Duration d) {
            QTest::newRow(text) << QByteArray(text) << qint64{micros(d)};
        };
        row("1200ms", 1200ms);
        row("15m", 15min);
        row("1h30m", 90min);
        row("24h", 24h);
        row("7d", 7 * 24h);
        row("1.5s", 1500ms);
        row("0s", 0s);
        row("1us", Duration(1));
        row("0.000001s", Duration(1));
        row("366d", 366 * 24h);
    }
    void aDurationIsReadExactly()
    {
        QFETCH(QByteArray, text);
        QFETCH(qint64, us);
        const auto duration = parseDuration(text.toStdString());
        QVERIFY2(duration.ok(), text.constData());
        QCOMPARE(qint64{micros(duration.value())}, us);
    }

    void whatIsNoDurationSaysWhatWouldBeRight_data()
    {
        QTest::addColumn<QByteArray>("problem");
        QTest::newRow("15") << QByteArray("15 has no unit; write 15s for seconds or 15m for minutes");
        const QByteArray notOne(" is not a duration; write it like 15m, 30s, 1200ms or 1h30m");
        for (const char* text :
             {"", "m", "15 m", "-5m", "1m1h", "5m5m", "5min", "1h30", "1.m", ".5m", "１５m", "1e3s"}) {
            QTest::newRow(text) << "'" + QByteArray(text) + "'" + notOne;
        }
        const QByteArray range(" is finer than 1us or longer than 366d");
        for (const char* text : {"367d", "0.5us", "999999999999d", "9999999999999d", "366d1us"}) {
            QTest::newRow(text) << QByteArray(text) + range;
        }
    }
    void whatIsNoDurationSaysWhatWouldBeRight()
    {
        QFETCH(QByteArray, problem);
        const auto duration = parseDuration(QTest::currentDataTag());
        QVERIFY(!duration.ok());
        QCOMPARE(duration.error().fault, Fault::BadInput);
        QCOMPARE(bytes(duration.error().detail), problem);
    }

    void aPercentageIsReadExactly_data()
    {
        QTest::addColumn<qint64>("ppm");
        QTest::newRow("2%") << qint64{20'000};
        QTest::newRow("0.5%") << qint64{5'000};
        QTest::newRow("0.0001%") << qint64{1};
        QTest::newRow("+50%") << qint64{500'000};
        QTest::newRow("100.0000000%") << qint64{1'000'000};
        QTest::newRow("10000%") << qint64{100'000'000};
    }
    void aPercentageIsReadExactly()
    {
        QFETCH(qint64, ppm);
        const auto percent = parsePercent(QTest::currentDataTag());
        QVERIFY(percent.ok());
        QCOMPARE(qint64{percent.value()}, ppm);
    }

    void whatIsNoPercentageSaysWhatWouldBeRight_data()
    {
        QTest::addColumn<QByteArray>("problem");
        QTest::newRow("2") << QByteArray("2 has no unit; write 2%");
        QTest::newRow("2 %") << QByteArray("'2 %' is not a percentage; write it like 2% or 0.5%");
        QTest::newRow("-2%") << QByteArray("'-2%' is not a percentage; write it like 2% or 0.5%");
        QTest::newRow("%") << QByteArray("'%' is not a percentage; write it like 2% or 0.5%");
        QTest::newRow("0.00001%") << QByteArray("0.00001% is finer than 0.0001% or above 10000%");
        QTest::newRow("10000.1%") << QByteArray("10000.1% is finer than 0.0001% or above 10000%");
    }
    void whatIsNoPercentageSaysWhatWouldBeRight()
    {
        QFETCH(QByteArray, problem);
        const auto percent = parsePercent(QTest::currentDataTag());
        QVERIFY(!percent.ok());
        QCOMPARE(bytes(percent.error().detail), problem);
    }

    void anAmountIsReadInTheUnitOfItsMetric()
    {
        QCOMPARE(parseAmount("2%", Unit::Ratio).value(), int64_t{20'000});
        QCOMPARE(parseAmount("1200ms", Unit::Time).value(), int64_t{1'200'000});
        QCOMPARE(parseAmount("10", Unit::Count).value(), int64_t{10'000'000});
        QCOMPARE(parseAmount("200/s", Unit::PerSecond).value(), int64_t{200'000'000});
        QCOMPARE(parseAmount("0.5", Unit::Plain).value(), int64_t{500'000});
        QCOMPARE(bytes(parseAmount("200", Unit::PerSecond).error().detail), QByteArray("200 has no unit; write 200/s"));
        QCOMPARE(bytes(parseAmount("2%", Unit::Count).error().detail),
                 QByteArray("'2%' is not a number; write it like 90 or 0.95"));
    }

    void aCountIsAWholeNumber()
    {
        QCOMPARE(parseCount("0").value(), int64_t{0});
        for (const char* text : {"1.0", "-1", "", "ten", "1e3", "9999999999999"})
            QVERIFY(!parseCount(text).ok());
    }

    void whatIsWrittenIsReadBackTheSame()
    {
        QVERIFY(rc::check("durations", [] {
            const auto us = *rc::gen::inRange<int64_t>(0, micros(kLongestDuration) + 1);
            const auto read = parseDuration(durationUnitText(Duration(us)));
            RC_ASSERT(read.ok());
            RC_ASSERT(micros(read.value()) == us);
        }));
        QVERIFY(rc::check("percentages", [] {
            const auto ppm = *rc::gen::inRange<int64_t>(0, kMaxPercentPpm + 1);
            RC_ASSERT(parsePercent(percentUnitText(ppm)).value() == ppm);
        }));
        QVERIFY(rc::check("amounts", [] {
            const auto value = *rc::gen::inRange<int64_t>(0, kMaxPercentPpm + 1);
            const auto unit = *rc::gen::element(Unit::Ratio, Unit::Time, Unit::Count, Unit::PerSecond, Unit::Plain);
            RC_ASSERT(parseAmount(amountUnitText(value, unit), unit).value() == value);
        }));
    }

    void anyTextIsAValueOrAProblemWithWords()
    {
        QVERIFY(rc::check("random text", [] {
            const auto text = *rc::gen::container<std::string>(
                rc::gen::oneOf(rc::gen::elementOf(std::string("0123456789.%+-/smhdu ")), rc::gen::arbitrary<char>()));
            const auto duration = parseDuration(text);
            RC_ASSERT((duration.ok() ? duration.value() >= Duration(0) : !duration.error().detail.empty()));
            const auto percent = parsePercent(text);
            RC_ASSERT((percent.ok() ? percent.value() >= 0 : !percent.error().detail.empty()));
        }));
    }
};

QTEST_APPLESS_MAIN(UnitsTest)
#include "units_test.moc"
