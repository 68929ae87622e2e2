// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include <algorithm>
#include <cmath>
#include <rapidcheck.h>

#include "core/analysis/quantile.h"

using namespace sluice::analysis;

namespace {

using Buckets = std::vector<Bucket>;
constexpr int64_t ms = 1000; // in µs

/// Prometheus' formula in floating point (promql/quantile.go), without its answer for the open bucket.
double naive(const Buckets& buckets, double q)
{
    const double rank = q * static_cast<double>(buckets.back().count);
    size_t b = 0;
    while (b + 1 < buckets.size() && static_cast<double>(buckets[b].count) < rank)
        ++b;
    if (b + 1 == buckets.size()) return NAN;
    const double lower = b == 0 ? 0 : static_cast<double>(buckets[b - 1].bound);
    const double below = b == 0 ? 0 : static_cast<double>(buckets[b - 1].count);
    const double inside = static_cast<double>(buckets[b].count) - below;
    return lower + (static_cast<double>(buckets[b].bound) - lower) * (rank - below) / inside;
}

} // namespace

class TestQuantile : public QObject {
    Q_OBJECT
private slots:
    void table_data();
    void table();
    void itAgreesWithThePlainFormula();
};

void TestQuantile::table_data()
{
    QTest::addColumn<Buckets>("buckets");
    QTest::addColumn<qint64>("ppm");
    QTest::addColumn<int>("kind");
    QTest::addColumn<qint64>("value");
    const int none = int(Quantile::Kind::None);
    const int value = int(Quantile::Kind::Value);
    const int above = int(Quantile::Kind::AboveTop);
    const int64_t inf = kInfiniteBound;
    QTest::newRow("no buckets") << Buckets{} << qint64{500'000} << none << qint64{0};
    QTest::newRow("no observation") << Buckets{{100 * ms, 0}, {inf, 0}} << qint64{500'000} << none << qint64{0};
    QTest::newRow("no +Inf bucket") << Buckets{{100 * ms, 5}} << qint64{500'000} << none << qint64{0};
    QTest::newRow("middle of the lowest bucket starts at zero")
        << Buckets{{100 * ms, 10}, {inf, 10}} << qint64{500'000} << value << qint64{50 * ms};
    QTest::newRow("p95 inside 1000..1200 ms")
        << Buckets{{1000 * ms, 90}, {1200 * ms, 100}, {inf, 100}} << qint64{950'000} << value << qint64{1100 * ms};
    QTest::newRow("exactly the bound") << Buckets{{1000 * ms, 95}, {1200 * ms, 100}, {inf, 100}} << qint64{950'000}
                                       << value << qint64{1000 * ms};
    QTest::newRow("above the top bucket")
        << Buckets{{1000 * ms, 90}, {10'000 * ms, 94}, {inf, 100}} << qint64{950'000} << above << qint64{10'000 * ms};
    QTest::newRow("all above the top bucket")
        << Buckets{{10'000 * ms, 0}, {inf, 100}} << qint64{500'000} << above << qint64{10'000 * ms};
    QTest::newRow("an empty bucket between") << Buckets{{100 * ms, 50}, {200 * ms, 50}, {400 * ms, 100}, {inf, 100}}
                                             << qint64{750'000} << value << qint64{300 * ms};
    QTest::newRow("a sum that falls counts as level")
        << Buckets{{100 * ms, 50}, {200 * ms, 40}, {400 * ms, 100}, {inf, 100}} << qint64{750'000} << value
        << qint64{300 * ms};
}

void TestQuantile::table()
{
    QFETCH(Buckets, buckets);
    QFETCH(qint64, ppm);
    QFETCH(int, kind);
    QFETCH(qint64, value);
    const Quantile found = quantileOf(buckets, ppm);
    QCOMPARE(int(found.kind), kind);
    QCOMPARE(found.value, int64_t{value});
}

void TestQuantile::itAgreesWithThePlainFormula()
{
    QVERIFY(rc::check("quantile = histogram_quantile", [](const std::vector<uint16_t>& inside, uint32_t q) {
        RC_PRE(!inside.empty());
        Buckets buckets;
        int64_t count = 0;
        for (size_t i = 0; i < inside.size(); ++i)
            buckets.push_back({i + 1 == inside.size() ? kInfiniteBound : static_cast<int64_t>((i + 1) * 50 * ms),
                               count += inside[i]});
        const int64_t ppm = q % 1'000'000 + 1;
        const Quantile found = quantileOf(buckets, ppm);
        RC_ASSERT((found.kind == Quantile::Kind::None) == (count == 0));
        if (count == 0) return;
        const double plain = naive(buckets, static_cast<double>(ppm) / 1e6);
        RC_ASSERT(std::isnan(plain) == (found.kind == Quantile::Kind::AboveTop));
        if (!std::isnan(plain)) RC_ASSERT(std::abs(plain - static_cast<double>(found.value)) <= 1.0);
    }));
}

QTEST_GUILESS_MAIN(TestQuantile)
#include "tst_quantile.moc"
