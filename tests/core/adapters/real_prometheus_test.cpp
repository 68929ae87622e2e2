// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <cstdio>

#include <sys/prctl.h>

#include "core/adapters/prometheus_source.h"
#include "core/adapters/system_clock.h"
#include "tests/core/adapters/fact_box.h"

using namespace sluice;
using namespace sluice::adapters;

namespace {

constexpr const char* kProgram = "/usr/bin/prometheus";

/// Debian's prometheus that scrapes itself every second.
class RealPrometheus {
public:
    bool start()
    {
        QTcpServer probe; // a port that is free now; prometheus takes no port 0
        if (!probe.listen(QHostAddress::LocalHost)) return false;
        m_address = QStringLiteral("127.0.0.1:%1").arg(probe.serverPort());
        probe.close();
        QFile file(m_folder.filePath("prometheus.yml"));
        if (!file.open(QIODevice::WriteOnly)) return false;
        file.write("global: {scrape_interval: 1s}\nscrape_configs: [{job_name: self, static_configs: [{targets: ['" +
                   m_address.toUtf8() + "']}]}]\n");
        file.close();
        m_process.setChildProcessModifier([] { prctl(PR_SET_PDEATHSIG, SIGKILL); });
        m_process.setProcessChannelMode(QProcess::MergedChannels);
        m_process.start(QString::fromLatin1(kProgram),
                        {"--config.file=" + file.fileName(), "--storage.tsdb.path=" + m_folder.filePath("data"),
                         "--web.listen-address=" + m_address});
        return m_process.waitForStarted(10'000);
    }
    ~RealPrometheus()
    {
        m_process.terminate();
        if (!m_process.waitForFinished(10'000)) m_process.kill();
        m_process.waitForFinished(5000);
    }
    std::string url() const { return "http://" + m_address.toStdString(); }

private:
    QTemporaryDir m_folder{};
    QProcess m_process{};
    QString m_address{};
};

} // namespace

class RealPrometheusTest : public QObject {
    Q_OBJECT

private slots:
    void aRealServerGivesRawSamplesWithItsIntervalAndClock()
    {
        if (!QFileInfo::exists(QString::fromLatin1(kProgram))) {
            std::puts("SKIPPED: /usr/bin/prometheus is not installed");
            QSKIP("SKIPPED: /usr/bin/prometheus is not installed");
        }
        RealPrometheus prometheus;
        QVERIFY(prometheus.start());
        const SystemClock clock;
        test::MessageBox box;
        PrometheusSource source("prom", {.url = prometheus.url()}, box.sink(), clock);
        const std::vector<std::string> names{"up", "prometheus_http_requests_total"};

        // It is asked until both series have two samples, as the engine does each second.
        const auto whole = [](const ports::MetricAnswer& answer) {
            if (!answer.batch.ok()) return false;
            bool up = false;
            bool requests = false;
            for (const analysis::RawSeries& series : answer.batch.value().series) {
                up = up || (series.name == "up" && series.samples.size() >= 2);
                requests = requests || (series.name == "prometheus_http_requests_total" && series.samples.size() >= 2);
            }
            return up && requests;
        };
        const auto asked = [&] {
            source.poll(names);
            return box.waitFor<ports::MetricAnswer>(whole, 0, std::chrono::milliseconds(200));
        };
        bool seen = false;
        for (int i = 0; i < 150 && !seen; ++i)
            seen = asked();
        QVERIFY(seen);
        const auto answer = std::get<ports::MetricAnswer>(box.all().back());
        const analysis::RawBatch& batch = answer.batch.value();
        QCOMPARE(batch.interval, Duration(std::chrono::seconds(1)));
        // Same machine, same clock.
        const Duration apart = batch.serverTime - clock.now().wall;
        QVERIFY(apart < std::chrono::seconds(2) && apart > -std::chrono::seconds(2));
        QVERIFY(batch.warnings.empty());

        const size_t from = box.count();
        source.backfill(names, std::chrono::minutes(5));
        QVERIFY(box.waitFor<ports::MetricAnswer>(
            [](const ports::MetricAnswer& late) { return late.backfill && late.batch.ok(); }, from));
    }
};

QTEST_GUILESS_MAIN(RealPrometheusTest)
#include "real_prometheus_test.moc"
