// SPDX-License-Identifier: GPL-3.0-or-later
#include <QRegularExpression>
#include <QTest>

#include "app/sluice-lab/connections_text.h"
#include "app/sluice-lab/haproxy_text.h"
#include "app/sluice-lab/prometheus_link.h"
#include "core/model/connections.h"

namespace sluice::app::lab {

namespace {

const Layout kLayout{"/tmp/lab"};

QString proxyText()
{
    return QString::fromStdString(
        haproxyText(kLayout, {.number = 2, .port = 8001, .metricsPort = 8002}, {{9001, 9002}, {9101, 9102, 9103}}));
}

} // namespace

class TextTest : public QObject {
    Q_OBJECT

private slots:
    void theBaseConfigurationIsTheSafeState()
    {
        const QString text = proxyText();
        const QRegularExpression canaryServer(QStringLiteral(R"(server c\d+ \S+ disabled\n)"));
        QCOMPARE(text.count(canaryServer), 3);
        QCOMPARE(text.count(QRegularExpression(QStringLiteral(R"(server s\d+ [\d.:]+\n)"))), 2);
        for (const auto& [name, content] : safeMaps()) {
            if (name == "epoch.map") QCOMPARE(content, std::string("checkout none\n"));
            if (name == "split.map") QCOMPARE(content, std::string("none 0\n"));
        }
    }

    void everyWayToTheCanaryNeedsAnEpochAndAReplica()
    {
        const QRegularExpression rule(QStringLiteral(R"(use_backend canary if (.*)\n)"));
        const QString text = proxyText();
        int alternatives = 0;
        for (auto it = rule.globalMatch(text); it.hasNext();) {
            for (const QString& alternative : it.next().captured(1).split(QStringLiteral("||"))) {
                QVERIFY2(alternative.contains(QLatin1String("!undriven canary_up ")), qPrintable(alternative));
                ++alternatives;
            }
        }
        QCOMPARE(alternatives, 3); // header, allow list, share
    }

    void theRuntimeSocketIsOurUsersAloneAndHoldsAHundredConnections()
    {
        const QString text = proxyText();
        QVERIFY(text.contains(QLatin1String("stats socket /tmp/lab/e2.sock mode 600 level admin")));
        QVERIFY(text.contains(QLatin1String("stats maxconn 100")));
        QVERIFY(text.contains(QLatin1String("stats timeout 5m")));
    }

    void prometheusScrapesEverySlotAndProxyEverySecond()
    {
        const std::string text =
            prometheusText({.services = {{"c1", 9101}, {"s1", 9001}}, .proxies = {{"edge-1", 8002}}});
        QVERIFY(text.find("scrape_interval: 1s") != std::string::npos);
        for (const char* line : {"{targets: ['127.0.0.1:9101'], labels: {slot: 'c1'}}",
                                 "{targets: ['127.0.0.1:9001'], labels: {slot: 's1'}}",
                                 "{targets: ['127.0.0.1:8002'], labels: {proxy: 'edge-1'}}"}) {
            QVERIFY2(text.find(line) != std::string::npos, text.c_str());
        }
    }

    void theConnectionsFileReadsAsItWasMeant()
    {
        const std::string text = connectionsText(kLayout, 2, 9090, 9101, "ana");
        const auto read = readConnections(text, "connections.yaml", "/tmp/lab");
        QVERIFY2(std::holds_alternative<Connections>(read),
                 std::holds_alternative<Connections>(read)
                     ? ""
                     : problemText(std::get<std::vector<Problem>>(read).front()).c_str());
        const Connections& connections = std::get<Connections>(read);
        QCOMPARE(connections.routers.at("edge-2").address, std::string("unix:/tmp/lab/e2.sock"));
        QCOMPARE(connections.sources.at("prom").url, std::string("http://127.0.0.1:9090"));
        QCOMPARE(connections.deployers.at("lab").socket, std::string("/tmp/lab/lab.sock"));
        const TargetConfig* target = connections.target(TargetId("checkout/production"));
        QVERIFY(target != nullptr);
        QVERIFY(target->lab);
        QCOMPARE(target->stableVersion, std::string(kStableVersion));
        QCOMPARE(target->routers, (std::vector<std::string>{"edge-1", "edge-2"}));
        QCOMPARE(connections.personOfLogin("ana")->id.value, std::string("you"));
        QCOMPARE(micros(connections.person(PersonId("colleague"))->approvesAfter), int64_t{5'000'000});
    }

    void aFolderMustFitIntoSocketNamesAndConfigurations_data()
    {
        QTest::addColumn<QString>("folder");
        QTest::addColumn<QString>("complaint"); // empty: accepted
        QTest::newRow("plain") << "/tmp/lab-1_a.b"
                               << "";
        QTest::newRow("longest") << "/tmp/" + QString(84, u'x') << "";
        QTest::newRow("one more") << "/tmp/" + QString(85, u'x') << "at most 89";
        QTest::newRow("blank") << "/tmp/my lab"
                               << "may only hold letters";
        QTest::newRow("comma") << "/tmp/a,b"
                               << "may only hold letters";
        QTest::newRow("quote") << "/tmp/a'b"
                               << "may only hold letters";
    }
    void aFolderMustFitIntoSocketNamesAndConfigurations()
    {
        QFETCH(QString, folder);
        QFETCH(QString, complaint);
        const auto dir = labDirectory(folder.toStdString());
        QCOMPARE(dir.ok(), complaint.isEmpty());
        if (!dir) QVERIFY2(QString::fromStdString(dir.error().detail).contains(complaint), dir.error().detail.c_str());
    }

    void aMissingProgramIsNamedWithTheLineThatInstallsIt()
    {
        const auto found = findProgram("no-such-program");
        QVERIFY(!found.ok());
        QCOMPARE(found.error().fault, Fault::Unreachable);
        QVERIFY(
            QString::fromStdString(found.error().detail).contains(QLatin1String("apt-get install -y no-such-program")));
    }
};

} // namespace sluice::app::lab

QTEST_APPLESS_MAIN(sluice::app::lab::TextTest)
#include "text_test.moc"
