// SPDX-License-Identifier: GPL-3.0-or-later
#include <QLocalServer>
#include <QLocalSocket>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

#include <nlohmann/json.hpp>

#include "core/adapters/lab_deployer.h"
#include "core/adapters/system_clock.h"
#include "tests/core/adapters/fact_box.h"

using namespace sluice;
using namespace sluice::adapters;

namespace {

const TargetId kTarget("checkout/production");

/// lab.sock as sluice-lab speaks it, in this process; runs in the test's event loop.
class FakeLab : public QObject {
public:
    FakeLab()
    {
        QObject::connect(&m_server, &QLocalServer::newConnection, this, [this] { accept(); });
        if (!m_server.listen(m_folder.filePath("lab.sock"))) qFatal("the fake lab cannot listen");
    }
    std::string path() const { return m_folder.filePath("lab.sock").toStdString(); }

    int canary{0};
    int deploys{0};
    std::string version{"v1"};
    std::string lastDeploy{};
    QByteArray garbage{}; ///< answers this instead
    bool forgets{false};  ///< accepts a deploy and does nothing

private:
    void accept()
    {
        QLocalSocket* socket = m_server.nextPendingConnection();
        QObject::connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
        QObject::connect(socket, &QLocalSocket::readyRead, this, [this, socket] {
            if (socket->canReadLine()) socket->write(answer(socket->readLine().toStdString()));
        });
    }
    QByteArray answer(const std::string& line)
    {
        if (!garbage.isEmpty()) return garbage;
        const auto question = nlohmann::json::parse(line);
        if (question.at("do") == "deploy") {
            ++deploys;
            lastDeploy = question.dump();
            if (question.at("version") == "forbidden") return "{\"ok\":false,\"error\":\"no such version\"}\n";
            if (!forgets) {
                version = question.at("version").get<std::string>();
                canary = question.value("instances", canary);
            }
            return "{\"ok\":true}\n";
        }
        const nlohmann::json track{{"version", version}, {"wanted", canary}, {"ready", canary}};
        return QByteArray::fromStdString(
            nlohmann::json{{"ok", true}, {"tracks", {{"canary", track}, {"stable", track}}}}.dump() + "\n");
    }

    QTemporaryDir m_folder{};
    QLocalServer m_server{};
};

bool seen(test::MessageBox& box, const std::function<bool(const rollout::WorkloadFact&)>& fits, size_t from = 0)
{
    return QTest::qWaitFor(
        [&] {
            const auto all = box.all();
            for (size_t i = from; i < all.size(); ++i)
                if (fits(std::get<ports::WorkloadAnswer>(all[i]).fact)) return true;
            return false;
        },
        10'000);
}

} // namespace

class LabDeployerTest : public QObject {
    Q_OBJECT

private slots:
    void anOrderIsCarriedOutAndItsFactPosted()
    {
        FakeLab lab;
        test::MessageBox box;
        const auto deployer = makeLabDeployer(lab.path(), box.sink(), m_clock);
        deployer->order({.target = kTarget, .track = Track::Canary, .version = "v2", .instances = 2});
        QVERIFY(seen(box, [](const auto& fact) { return fact.known && fact.version == "v2" && fact.ready == 2; }));
        QCOMPARE(lab.lastDeploy, std::string(R"({"do":"deploy","instances":2,"track":"canary","version":"v2"})"));
    }

    void aStandingOrderIsReadEverySecondAndNotRepeated()
    {
        FakeLab lab;
        test::MessageBox box;
        const auto deployer = makeLabDeployer(lab.path(), box.sink(), m_clock);
        deployer->order({.target = kTarget, .track = Track::Canary, .version = "v2", .instances = 2});
        QVERIFY(QTest::qWaitFor([&] { return box.count() >= 3; }, 10'000));
        QCOMPARE(lab.deploys, 1);
    }

    void anOrderThatTheWorldForgotIsRepeated()
    {
        FakeLab lab;
        lab.forgets = true;
        test::MessageBox box;
        const auto deployer = makeLabDeployer(lab.path(), box.sink(), m_clock);
        deployer->order({.target = kTarget, .track = Track::Canary, .version = "v2", .instances = 2});
        QVERIFY(QTest::qWaitFor([&] { return lab.deploys == 1; }, 10'000));
        lab.forgets = false;
        QVERIFY(seen(box, [](const auto& fact) { return fact.known && fact.version == "v2" && fact.ready == 2; }));
    }

    void minusOneKeepsTheCount()
    {
        FakeLab lab;
        lab.canary = 4;
        test::MessageBox box;
        const auto deployer = makeLabDeployer(lab.path(), box.sink(), m_clock);
        deployer->order({.target = kTarget, .track = Track::Stable, .version = "v2", .instances = -1});
        QVERIFY(seen(box, [](const auto& fact) { return fact.known && fact.version == "v2" && fact.wanted == 4; }));
        QCOMPARE(lab.lastDeploy, std::string(R"({"do":"deploy","track":"stable","version":"v2"})"));
    }

    void observingChangesNothingAndPostsBothTracks()
    {
        FakeLab lab;
        test::MessageBox box;
        const auto deployer = makeLabDeployer(lab.path(), box.sink(), m_clock);
        deployer->observe(kTarget);
        QVERIFY(QTest::qWaitFor([&] { return box.count() == 2; }, 10'000));
        QCOMPARE(lab.deploys, 0);
        QCOMPARE(std::get<ports::WorkloadAnswer>(box.all()[0]).track, Track::Stable);
        QCOMPARE(std::get<ports::WorkloadAnswer>(box.all()[1]).track, Track::Canary);
    }

    void everyTroubleIsAFactThatIsNotKnown_data()
    {
        QTest::addColumn<QByteArray>("garbage");
        QTest::addColumn<QByteArray>("version");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("refused") << QByteArray() << QByteArray("forbidden") << QByteArray("no such version");
        QTest::newRow("garbage") << QByteArray("<html>\n") << QByteArray("v2") << QByteArray("not understood");
        QTest::newRow("oversized") << QByteArray(100'000, 'x') << QByteArray("v2") << QByteArray("too large");
        QTest::newRow("nothing") << QByteArray("no line end") << QByteArray("v2") << QByteArray("no answer in time");
    }
    void everyTroubleIsAFactThatIsNotKnown()
    {
        QFETCH(QByteArray, garbage);
        QFETCH(QByteArray, version);
        QFETCH(QByteArray, says);
        FakeLab lab;
        lab.garbage = garbage;
        test::MessageBox box;
        const auto deployer = makeLabDeployer(lab.path(), box.sink(), m_clock);
        deployer->order({.target = kTarget, .track = Track::Canary, .version = version.toStdString(), .instances = 2});
        QVERIFY(seen(box, [&](const auto& fact) {
            return !fact.known && fact.problem.find(says.toStdString()) != std::string::npos;
        }));
    }

    void aLabThatIsGoneIsSaid()
    {
        test::MessageBox box;
        const auto deployer = makeLabDeployer("/nonexistent/lab.sock", box.sink(), m_clock);
        deployer->observe(kTarget);
        QVERIFY(seen(box, [](const auto& fact) {
            return !fact.known && fact.problem.find("No such file or directory") != std::string::npos;
        }));
    }

private:
    SystemClock m_clock{};
};

QTEST_GUILESS_MAIN(LabDeployerTest)
#include "lab_deployer_test.moc"
