// SPDX-License-Identifier: GPL-3.0-or-later
#include <limits>
#include <set>

#include <QTest>
#include <rapidcheck.h>

#include "core/journal/sample_codec.h"

using namespace sluice;
using namespace sluice::journal;
using ports::RollupRow;
using ports::SampleRow;

namespace {

constexpr int64_t kSecond = 1'000'000;

std::vector<SampleRow> sortedSamples(const std::map<int64_t, int64_t>& values)
{
    std::vector<SampleRow> samples;
    for (const auto& [at, value] : values)
        samples.push_back({.atUs = at, .value = value});
    return samples;
}

/// 600 seconds of what a counter of requests, errors or a latency shows: `base` ± `noise`, from a fixed sequence.
std::vector<SampleRow> countsAround(int64_t base, int64_t noise)
{
    std::vector<SampleRow> samples;
    uint64_t state = 7;
    for (int64_t i = 0; i < 600; ++i) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        const int64_t off = noise == 0 ? 0 : static_cast<int64_t>((state >> 33) % (2 * noise + 1)) - noise;
        samples.push_back({.atUs = 1'700'000'000 * kSecond + i * kSecond, .value = base + off});
    }
    return samples;
}

} // namespace

class JournalSampleCodecTest : public QObject {
    Q_OBJECT

private slots:
    void whatIsPackedComesBack();
    void rollupsComeBack();
    void aSecondComesBackAndEachSeriesIsFoundInIt();
    void damagedBytesAreRefusedOrHarmless();
    void countsTakeAtMostTwoBytes_data();
    void countsTakeAtMostTwoBytes();
    void anHourOfRollupsIsSmall();
    void bucketsHoldEverySampleOnce();
    void theFreshSampleStandsWhereBothHaveOne();
};

void JournalSampleCodecTest::whatIsPackedComesBack()
{
    const bool holds = rc::check([](const std::map<int64_t, int64_t>& values) {
        const auto samples = sortedSamples(values);
        RC_ASSERT(unpackSamples(packSamples(samples)) == std::optional(samples));
    });
    QVERIFY(holds);
    const std::vector<SampleRow> extremes{{std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max()},
                                          {-1, std::numeric_limits<int64_t>::min()},
                                          {std::numeric_limits<int64_t>::max(), 0}};
    QCOMPARE(unpackSamples(packSamples(extremes)), std::optional(extremes));
}

void JournalSampleCodecTest::rollupsComeBack()
{
    const bool holds = rc::check([](const std::map<int64_t, std::tuple<int64_t, int64_t, int64_t, int64_t>>& values) {
        std::vector<RollupRow> rows;
        for (const auto& [at, row] : values) {
            const auto& [min, max, sum, count] = row;
            rows.push_back({.atUs = at, .min = min, .max = max, .sum = sum, .count = count});
        }
        RC_ASSERT(unpackRollups(packRollups(rows)) == std::optional(rows));
    });
    QVERIFY(holds);
}

void JournalSampleCodecTest::aSecondComesBackAndEachSeriesIsFoundInIt()
{
    const bool holds = rc::check([](const std::map<int64_t, int64_t>& values, int64_t other) {
        Second second;
        for (const auto& [series, value] : values) {
            if (series > 0) second[series] = value;
        }
        const std::string bytes = packSecond(second);
        RC_ASSERT(unpackSecond(bytes) == std::optional(second));
        for (const auto& [series, value] : second)
            RC_ASSERT(findInSecond(bytes, series) == std::optional(value));
        if (!second.contains(other)) RC_ASSERT(findInSecond(bytes, other) == std::nullopt);
    });
    QVERIFY(holds);
}

void JournalSampleCodecTest::damagedBytesAreRefusedOrHarmless()
{
    const auto samples = countsAround(200, 20);
    const std::string good = packSamples(samples);
    for (size_t cut = 0; cut < good.size(); ++cut)
        QVERIFY(!unpackSamples(good.substr(0, cut)).has_value());
    QVERIFY(!unpackSamples(good + "x").has_value());
    const bool holds = rc::check([](const std::string& bytes) {
        if (const auto found = unpackSamples(bytes)) RC_ASSERT(found->size() <= (size_t{1} << 20));
        if (const auto found = unpackRollups(bytes)) RC_ASSERT(found->size() <= (size_t{1} << 20));
        static_cast<void>(unpackSecond(bytes));
        static_cast<void>(findInSecond(bytes, 5));
    });
    QVERIFY(holds);
}

void JournalSampleCodecTest::countsTakeAtMostTwoBytes_data()
{
    QTest::addColumn<qint64>("base");
    QTest::addColumn<qint64>("noise");
    QTest::addColumn<double>("most");
    QTest::newRow("errors") << qint64{0} << qint64{3} << 1.05;
    QTest::newRow("requests") << qint64{200} << qint64{25} << 1.05;
    QTest::newRow("busy requests") << qint64{20'000} << qint64{900} << 2.0;
    QTest::newRow("p95 in ms") << qint64{340} << qint64{30} << 1.05;
    QTest::newRow("still") << qint64{1'000'000'000} << qint64{0} << 1.05;
}

void JournalSampleCodecTest::countsTakeAtMostTwoBytes()
{
    QFETCH(qint64, base);
    QFETCH(qint64, noise);
    QFETCH(double, most);
    const double each = static_cast<double>(packSamples(countsAround(base, noise)).size()) / 600;
    QVERIFY2(each <= most, qPrintable(QString::number(each)));
}

void JournalSampleCodecTest::anHourOfRollupsIsSmall()
{
    const auto samples = countsAround(200, 25);
    const double tens = static_cast<double>(packRollups(rollUp(samples, kTenSecondsUs)).size()) / 600;
    const double minutes = static_cast<double>(packRollups(rollUp(samples, kMinuteUs)).size()) / 600;
    QVERIFY2(tens < 0.6 && minutes < 0.15, qPrintable(QStringLiteral("%1 %2").arg(tens).arg(minutes)));
}

void JournalSampleCodecTest::bucketsHoldEverySampleOnce()
{
    const bool holds = rc::check([](const std::map<int32_t, int32_t>& values) {
        std::map<int64_t, int64_t> wide(values.begin(), values.end());
        const auto rows = rollUp(sortedSamples(wide), 1000);
        int64_t count = 0;
        int64_t sum = 0;
        for (const auto& row : rows) {
            RC_ASSERT(row.atUs % 1000 == 0);
            RC_ASSERT(row.min <= row.max);
            RC_ASSERT(row.sum >= row.min * row.count && row.sum <= row.max * row.count);
            count += row.count;
            sum += row.sum;
        }
        RC_ASSERT(count == static_cast<int64_t>(wide.size()));
        for (const auto& [at, value] : wide)
            sum -= value;
        RC_ASSERT(sum == 0);
    });
    QVERIFY(holds);
    QCOMPARE(beginOf(-1, 1000), -1000);
    QCOMPARE(beginOf(-1000, 1000), -1000);
    QCOMPARE(beginOf(1999, 1000), 1000);
}

void JournalSampleCodecTest::theFreshSampleStandsWhereBothHaveOne()
{
    const bool holds = rc::check([](const std::map<int16_t, int64_t>& old, const std::map<int16_t, int64_t>& fresh) {
        std::map<int64_t, int64_t> expected(fresh.begin(), fresh.end());
        expected.insert(old.begin(), old.end());
        const auto all = merged(sortedSamples({old.begin(), old.end()}), sortedSamples({fresh.begin(), fresh.end()}));
        RC_ASSERT(all == sortedSamples(expected));
    });
    QVERIFY(holds);
}

QTEST_GUILESS_MAIN(JournalSampleCodecTest)
#include "journal_sample_codec_test.moc"
