// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include <cmath>

#include "core/adapters/prometheus_parser.h"

using namespace sluice;
using namespace sluice::adapters;

namespace {

std::string answer(const std::string& type, const std::string& result, const std::string& more = "")
{
    return R"({"status":"success","data":{"resultType":")" + type + R"(","result":)" + result + "}" + more + "}";
}

std::string oneValue(const std::string& value)
{
    return answer("vector", R"([{"metric":{},"value":[1,")" + value + R"("]}])");
}

} // namespace

class PrometheusParserTest : public QObject {
    Q_OBJECT

private slots:
    void aMatrixKeepsLabelsAndSamples()
    {
        const auto parsed =
            parsePrometheus(200, answer("matrix", R"([{"metric":{"track":"canary","__name__":"up","code":"200"},
                                      "values":[[1795264153.462,"1"],[1795264154.462,"2.5"]]}])"));
        QVERIFY(parsed.ok());
        QCOMPARE(parsed.value().series.size(), size_t(1));
        const analysis::RawSeries& series = parsed.value().series[0];
        QCOMPARE(series.name, std::string("up"));
        QCOMPARE(series.labels, (decltype(series.labels){{"code", "200"}, {"track", "canary"}}));
        QCOMPARE(series.samples, (std::vector<analysis::RawSample>{{1795264153462, 1.0}, {1795264154462, 2.5}}));
    }

    void aVectorAScalarAndAStringAreUnderstood()
    {
        const auto vector = parsePrometheus(200, answer("vector", R"([{"metric":{"a":"b"},"value":[1.5,"7"]}])"));
        QCOMPARE(vector.value().series[0].samples, (std::vector<analysis::RawSample>{{1500, 7.0}}));
        const auto scalar = parsePrometheus(200, answer("scalar", R"([1795264154.075,"1"])"));
        QCOMPARE(scalar.value().series.size(), size_t(1));
        QCOMPARE(scalar.value().series[0].samples, (std::vector<analysis::RawSample>{{1795264154075, 1.0}}));
        const auto text = parsePrometheus(200, answer("string", R"([1,"hello"])"));
        QCOMPARE(text.value().text, std::string("hello"));
        QVERIFY(text.value().series.empty());
    }

    void anEmptyResultIsAnAnswerWithoutSeries()
    {
        QVERIFY(parsePrometheus(200, answer("matrix", "[]")).value().series.empty());
    }

    void valuesAreTextBecauseJsonHasNoInfinity_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<double>("value");
        QTest::newRow("integer") << QByteArray("42") << 42.0;
        QTest::newRow("exponent") << QByteArray("1e-05") << 1e-05;
        QTest::newRow("negative") << QByteArray("-0.25") << -0.25;
        QTest::newRow("plus infinity") << QByteArray("+Inf") << double(INFINITY);
        QTest::newRow("infinity without sign") << QByteArray("Inf") << double(INFINITY);
        QTest::newRow("minus infinity") << QByteArray("-Inf") << -double(INFINITY);
    }
    void valuesAreTextBecauseJsonHasNoInfinity()
    {
        QFETCH(QByteArray, text);
        const auto parsed = parsePrometheus(200, oneValue(text.toStdString()));
        QVERIFY(parsed.ok());
        QTEST(parsed.value().series[0].samples[0].value, "value");
    }
    void notANumberStaysOne()
    {
        QVERIFY(std::isnan(parsePrometheus(200, oneValue("NaN")).value().series[0].samples[0].value));
    }

    void warningsDoNotMakeItAFailure()
    {
        const auto parsed =
            parsePrometheus(200, answer("matrix", "[]", R"(,"warnings":["partial result"],"infos":["a hint"])"));
        QCOMPARE(parsed.value().warnings, (std::vector<std::string>{"partial result", "a hint"}));
    }

    void nativeHistogramsAreNamedAndNotGuessed()
    {
        const auto parsed = parsePrometheus(
            200, answer("matrix", R"([{"metric":{"__name__":"h"},"histograms":[[1,{"count":"1","sum":"2",
                                      "buckets":[[0,"0","1","1"]]}]]}])"));
        QVERIFY(parsed.ok());
        QVERIFY(parsed.value().series[0].samples.empty());
        QCOMPARE(parsed.value().warnings.size(), size_t(1));
    }

    void everyFailureHasItsKind_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("fault");
        QTest::addColumn<QByteArray>("says");
        const auto row = [](const char* name, int status, const std::string& body, Fault fault, const char* says) {
            QTest::newRow(name) << status << QByteArray::fromStdString(body) << static_cast<int>(fault)
                                << QByteArray(says);
        };
        row("parse error", 400, R"({"status":"error","errorType":"bad_data","error":"1:5: parse error"})",
            Fault::BadInput, "bad_data): 1:5: parse error");
        row("11,000 points", 400,
            R"({"status":"error","errorType":"bad_data","error":"exceeded maximum resolution of 11,000 points"})",
            Fault::BadInput, "11,000 points");
        row("execution, with data", 422,
            R"({"status":"error","data":{"resultType":"matrix","result":[]},"errorType":"execution","error":"many"})",
            Fault::BadInput, "execution");
        row("time-out", 503, R"({"status":"error","errorType":"timeout","error":"slow"})", Fault::Unreachable,
            "timeout");
        row("starting", 503, "Service Unavailable", Fault::Unreachable, "HTTP 503");
        row("wrong path", 404, "404 page not found", Fault::BadInput, "HTTP 404");
        row("not allowed", 401, "<html>login</html>", Fault::Refused, "HTTP 401");
        row("a proxy in between", 502, "<html>\nBad Gateway</html>", Fault::Unreachable, "<html> Bad Gateway</html>");
        row("a page instead of an answer", 200, "<html>hello</html>", Fault::Unreachable, "without a Prometheus");
        row("empty", 200, "", Fault::Unreachable, "without a Prometheus");
        row("cut off", 200, R"({"status":"success","data":{"resultType":"matrix","result":[{"metric")",
            Fault::Unreachable, "without a Prometheus");
        row("success with another code", 206, answer("matrix", "[]"), Fault::Unreachable, "HTTP 206");
        row("other JSON", 200, R"({"hello":1})", Fault::Unreachable, "without a Prometheus");
        row("a bare number", 200, "7", Fault::Unreachable, "without a Prometheus");
    }
    void everyFailureHasItsKind()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(int, fault);
        QFETCH(QByteArray, says);
        const auto parsed = parsePrometheus(status, body.toStdString());
        QVERIFY(!parsed.ok());
        QCOMPARE(static_cast<int>(parsed.error().fault), fault);
        const QByteArray detail = QByteArray::fromStdString(parsed.error().detail);
        QVERIFY2(detail.contains(says), detail.constData());
    }

    void aDamagedAnswerIsGivenUpWithItsReason_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("says");
        const auto row = [](const char* name, const std::string& body, const char* says) {
            QTest::newRow(name) << QByteArray::fromStdString(body) << QByteArray(says);
        };
        row("deep", answer("matrix", std::string(100, '[') + std::string(100, ']')), "nests deeper than 16");
        row("a million deep", std::string(1'000'000, '['), "nests deeper than 16");
        row("a label twice", answer("vector", R"([{"metric":{"a":"1","a":"2"},"value":[1,"1"]}])"), "label a twice");
        row("no number", oneValue("abc"), "not a time and a value");
        row("number as number", answer("vector", R"([{"metric":{},"value":[1,1]}])"), "not a time and a value");
        row("time as text", answer("vector", R"([{"metric":{},"value":["1","1"]}])"), "not a time and a value");
        row("half a sample", answer("matrix", R"([{"metric":{},"values":[[1]]}])"), "not a time and a value");
        row("too much in a sample", answer("matrix", R"([{"metric":{},"values":[[1,"1","2"]]}])"),
            "not a time and a value");
        row("a time out of reach", answer("vector", R"([{"metric":{},"value":[1e300,"1"]}])"),
            "not a time and a value");
        row("hexadecimal", oneValue("0x10"), "not a time and a value");
    }
    void aDamagedAnswerIsGivenUpWithItsReason()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, says);
        const auto parsed = parsePrometheus(200, body.toStdString());
        QVERIFY(!parsed.ok());
        const QByteArray detail = QByteArray::fromStdString(parsed.error().detail);
        QVERIFY2(detail.contains(says), detail.constData());
    }

    void theSameSeriesTwiceIsAMistakeOfTheConfiguration()
    {
        const auto parsed =
            parsePrometheus(200, answer("matrix", R"([{"metric":{"__name__":"x","a":"1","b":"2"},"values":[]},
                                      {"metric":{"b":"2","a":"1","__name__":"x"},"values":[]}])"));
        QVERIFY(!parsed.ok());
        QCOMPARE(parsed.error().fault, Fault::BadInput);
        QVERIFY(parsed.error().detail.find(R"(x{a="1",b="2",})") != std::string::npos);
    }

    void moreThanTheLimitsIsGivenUp()
    {
        const std::string three = answer("matrix", R"([{"metric":{"a":"1"},"values":[[1,"1"],[2,"1"]]},
                                                       {"metric":{"a":"2"},"values":[[1,"1"]]}])");
        QVERIFY(parsePrometheus(200, three, {.series = 2, .samples = 3, .labels = 1}).ok());
        QVERIFY(!parsePrometheus(200, three, {.series = 1}).ok());
        QVERIFY(!parsePrometheus(200, three, {.samples = 2}).ok());
        QVERIFY(!parsePrometheus(200, three, {.labels = 0}).ok());
    }

    void durationsAreReadAsPrometheusWritesThem_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qint64>("us"); // -1 = none
        QTest::newRow("second") << QByteArray("1s") << qint64(1'000'000);
        QTest::newRow("mixed") << QByteArray("1m30s") << qint64(90'000'000);
        QTest::newRow("milliseconds") << QByteArray("100ms") << qint64(100'000);
        QTest::newRow("hour") << QByteArray("2h") << qint64(7'200'000'000);
        QTest::newRow("nothing") << QByteArray("") << qint64(-1);
        QTest::newRow("zero") << QByteArray("0s") << qint64(-1);
        QTest::newRow("no unit") << QByteArray("15") << qint64(-1);
        QTest::newRow("unknown unit") << QByteArray("15x") << qint64(-1);
        QTest::newRow("negative") << QByteArray("-1s") << qint64(-1);
    }
    void durationsAreReadAsPrometheusWritesThem()
    {
        QFETCH(QByteArray, text);
        const auto duration = parsePrometheusDuration(text.toStdString());
        QTEST(duration ? qint64(duration->count()) : qint64(-1), "us");
    }

    void targetIntervalsAreDistinctAndAscending()
    {
        const auto found = parseTargetIntervals(
            200, R"({"status":"success","data":{"activeTargets":[{"scrapeInterval":"15s"},{"scrapeInterval":"1s"},
                   {"scrapeInterval":"1s"},{}]}})");
        QVERIFY(found.ok());
        QCOMPARE(found.value(), (std::vector<Duration>{std::chrono::seconds(1), std::chrono::seconds(15)}));
        QVERIFY(!parseTargetIntervals(404, "404 page not found").ok());
    }

    void theSpacingOfSamplesShowsTheInterval()
    {
        QVERIFY(!observedInterval({{.samples = {{1000, 1}}}}).has_value());
        QCOMPARE(observedInterval({{.samples = {{1003, 1}, {2001, 1}, {5000, 1}}}}), Duration(std::chrono::seconds(1)));
        QCOMPARE(observedInterval({{.samples = {{0, 1}, {1000, 1}}}, {.samples = {{0, 1}, {15004, 1}}}}),
                 Duration(std::chrono::seconds(15)));
    }
};

QTEST_APPLESS_MAIN(PrometheusParserTest)
#include "prometheus_parser_test.moc"
