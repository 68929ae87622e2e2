// SPDX-License-Identifier: GPL-3.0-or-later
#include <QElapsedTimer>
#include <QLocalServer>
#include <QTemporaryDir>
#include <QtTest>

#include "app/composition/emergency_path.h"
#include "core/journal/stop_files.h"

using namespace sluice;
using namespace std::chrono_literals;

namespace {

const TargetId kTarget("checkout/production");

/// A service behind one proxy that is not there: what is sent goes nowhere, and what is kept is looked at.
class FiredTwice {
public:
    FiredTwice()
    {
        connections.targets.push_back({.id = kTarget, .service = "checkout", .routers = {"edge-1"}});
        connections.routers["edge-1"] = {.address = "unix:" + folder.filePath("none.sock").toStdString()};
    }
    void fire(const std::string& person, const std::string& reason)
    {
        app::EmergencyPath path(folder.path().toStdString(), connections);
        const ports::StopRecord record{
            .target = kTarget, .person = PersonId(person), .proof = "os", .reason = reason, .at = wallTime(++fired)};
        QVERIFY(path.send({record}, 500ms).front().ok());
    }
    std::optional<ports::StopRecord> stop() { return journal::StopFiles(folder.path().toStdString()).stopped(kTarget); }

    QTemporaryDir folder{};
    Connections connections{};
    int64_t fired{1'795'000'000'000'000};
};

} // namespace

class EmergencyPathTest : public QObject {
    Q_OBJECT

private slots:
    void aReasonGivenLaterIsAddedToTheStopInForce()
    {
        FiredTwice emergency;
        emergency.fire("ana", "");
        const WallTime first = emergency.stop()->at;
        emergency.fire("ana", "payments fail");
        QCOMPARE(emergency.stop()->reason, std::string("payments fail"));
        emergency.fire("ben", "the bank calls");
        QCOMPARE(emergency.stop()->reason, std::string("payments fail; ben: the bank calls"));
        QCOMPARE(emergency.stop()->person, PersonId("ana")); // who fired first, and when
        QCOMPARE(emergency.stop()->at, first);
    }

    void theSameReasonIsKeptOnce()
    {
        FiredTwice emergency;
        emergency.fire("ana", "payments fail");
        emergency.fire("ben", "payments fail");
        QCOMPARE(emergency.stop()->reason, std::string("payments fail"));
    }

    void aTargetWhoseProxyHangsDelaysNoOther()
    {
        constexpr int kTargets = 8;
        constexpr Duration kDeadline = 500ms;
        QTemporaryDir folder;
        const QString socket = folder.filePath(QStringLiteral("hangs.sock"));
        QLocalServer hangs; // takes connections and says nothing
        QVERIFY(hangs.listen(socket));
        Connections connections;
        connections.routers["edge"] = {.address = "unix:" + socket.toStdString()};
        std::vector<ports::StopRecord> stops;
        for (int i = 0; i < kTargets; ++i) {
            stops.push_back({.target = TargetId("service-" + std::to_string(i) + "/production")});
            connections.targets.push_back({.id = stops.back().target, .routers = {"edge"}});
        }
        app::EmergencyPath path(folder.path().toStdString(), connections);
        QElapsedTimer since;
        since.start();
        const auto answers = path.send(stops, kDeadline);
        QVERIFY(std::chrono::milliseconds(since.elapsed()) < kDeadline * kTargets / 2);
        QCOMPARE(answers.size(), stops.size());
        for (size_t i = 0; i < stops.size(); ++i) {
            QCOMPARE(answers[i].value().report.target, stops[i].target);
            QVERIFY(answers[i].value().stopWritten);
        }
    }
};

QTEST_GUILESS_MAIN(EmergencyPathTest)
#include "emergency_path_test.moc"
