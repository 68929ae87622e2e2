// SPDX-License-Identifier: GPL-3.0-or-later
#include <sstream>
#include <variant>

#include <QTest>

#include <date/date.h>

#include "core/policy/calendar.h"
#include "tests/core/engine/simulated_release.h"

namespace sluice::seeds {

namespace {

using policy::checkSchedule;
using State = policy::ScheduleAnswer::State;
using testing::SimulatedRelease;

/// Avalo's calendar and ORCA's, as a connections file has them.
constexpr const char* kSchedules = R"(schedules:
  avalo:
    zone: America/Los_Angeles
    prefer: [{days: [tue, wed, thu], from: '10:00', to: '14:00'}]
    avoid:
      - {days: [fri, sat, sun]}
      - {from: '22:00', to: '06:00', because: late night}
    freeze:
      - {name: Black Friday, from: fourth thursday of november + 1d, to: fourth thursday of november + 4d}
      - {name: Holidays, from: 12-20, to: 01-02}
      - {name: Summer sale, from: 2026-07-14, to: 2026-07-15}
      - {name: Stocktaking, on: 02-29}
      - {name: Long one, from: 2029-12-20, to: 2031-01-02}
  orca:
    avoid: [{days: [mon, tue, wed, thu, fri], from: '09:00', to: '17:00', because: peak hours}]
targets:
  checkout/production: {routers: [], metrics: prom, deployer: shell, playbook: avalo-production}
)";

Schedule schedule(const char* name)
{
    static const Connections connections = [] {
        // Only the schedules are looked at, so that the rest of the file is as short as it can be.
        std::string text(kSchedules);
        text.replace(text.find("routers: []"), 11, "routers: [edge]");
        text = "sources: {prom: {prometheus: 'http://127.0.0.1:9'}}\n"
               "routers: {edge: {haproxy: 'unix:edge.sock', service: checkout}}\n"
               "deployers: {shell: {command: ['true']}}\n" +
               text;
        auto read = readConnections(text, "c.yaml", "/srv");
        if (read.index() != 0) qFatal("%s", problemText(std::get<1>(read).front()).c_str());
        return std::get<0>(std::move(read));
    }();
    return connections.schedules.at(name);
}

/// "2026-11-24T18:00:00Z"
WallTime at(const QByteArray& utc)
{
    std::istringstream stream(utc.toStdString());
    std::chrono::sys_time<Duration> time;
    stream >> date::parse("%FT%TZ", time);
    if (stream.fail()) qFatal("no time: %s", utc.constData());
    return time;
}

void columns()
{
    QTest::addColumn<QByteArray>("utc");
    QTest::addColumn<int>("state");
    QTest::addColumn<QByteArray>("why");
}

void row(const char* name, const char* utc, State state, const char* why = "")
{
    QTest::newRow(name) << QByteArray(utc) << static_cast<int>(state) << QByteArray(why);
}

void compare(const char* name)
{
    QFETCH(QByteArray, utc);
    const auto answer = checkSchedule(schedule(name), at(utc));
    QTEST(static_cast<int>(answer.state), "state");
    QTEST(QByteArray::fromStdString(answer.why), "why");
}

/// An engine on the simulated day (2026-11-18T11:06Z, a Wednesday; 03:06 in California) under this schedule.
struct Scheduled {
    explicit Scheduled(const char* name)
    {
        release.kill();
        release.boot("scheduled", [name](engine::EngineParts& parts) {
            parts.connections.schedules["own"] = schedule(name);
            parts.connections.targets.front().schedule = "own";
        });
    }
    Result<std::string> start(const char* exception = "", const char* second = "")
    {
        return release.ask(
            rollout::StartRollout{
                .target = release.target, .toVersion = "v2.4.0", .exception = exception, .second = PersonId(second)},
            "release-bot");
    }
    SimulatedRelease release{};
};

} // namespace

/// When Avalo and ORCA release, and when not.
class ScheduleRowsTest : public QObject {
    Q_OBJECT

private slots:
    void A_10_01_theBestHoursFollowPacificTimeThroughTheYear_data()
    {
        columns();
        // Winter is eight hours behind UTC, summer seven.
        row("winter, before", "2026-12-01T17:59:00Z", State::Allowed, "outside the preferred hours");
        row("winter, from", "2026-12-01T18:00:00Z", State::Preferred);
        row("winter, to", "2026-12-01T21:59:00Z", State::Preferred);
        row("winter, after", "2026-12-01T22:00:00Z", State::Allowed, "outside the preferred hours");
        row("summer, before", "2026-06-02T16:59:00Z", State::Allowed, "outside the preferred hours");
        row("summer, from", "2026-06-02T17:00:00Z", State::Preferred);
        row("summer, after", "2026-06-02T21:00:00Z", State::Allowed, "outside the preferred hours");
        row("Thursday", "2026-06-04T20:00:00Z", State::Preferred);
    }
    void A_10_01_theBestHoursFollowPacificTimeThroughTheYear() { compare("avalo"); }

    void A_10_02_avoidedHoursAreNamed_data()
    {
        columns();
        row("Friday", "2026-06-05T18:00:00Z", State::Avoided, "Friday");
        row("Saturday", "2026-06-06T18:00:00Z", State::Avoided, "Saturday");
        row("Sunday", "2026-06-07T18:00:00Z", State::Avoided, "Sunday");
        row("Wednesday, 23:00", "2026-06-04T06:00:00Z", State::Avoided, "late night");
        row("Thursday, 05:59", "2026-06-04T12:59:00Z", State::Avoided, "late night");
        row("Thursday, 06:00", "2026-06-04T13:00:00Z", State::Allowed, "outside the preferred hours");
        row("a holiday", "2026-12-23T19:00:00Z", State::Frozen, "Holidays until 2027-01-02");
        row("Monday, 11:00", "2026-06-08T18:00:00Z", State::Allowed, "outside the preferred hours");
    }
    void A_10_02_avoidedHoursAreNamed() { compare("avalo"); }

    void A_10_02_aStartThenNeedsAnExceptionWithAReason()
    {
        Scheduled scheduled("avalo");
        const auto refused = scheduled.start();
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().fault, Fault::Refused);
        QVERIFY2(refused.error().detail.starts_with("Nothing starts on checkout/production now: late night. Free from "
                                                    "Wed 2026-11-18 06:00 PST. "),
                 refused.error().detail.c_str());
        QVERIFY(!scheduled.start("", "lead").ok());
    }

    void A_10_03_anEmergencyReleaseNeedsSomebodyWhoAgreesAndIsRecorded()
    {
        Scheduled scheduled("avalo");
        for (const char* second : {"", "nobody", "release-bot"})
            QVERIFY2(!scheduled.start("the bank calls", second).ok(), second);
        const auto started = scheduled.start("the bank calls", "you");
        QVERIFY2(started.ok(), started.ok() ? "" : started.error().detail.c_str());
        scheduled.release.rollout = RolloutId(started.value());
        const auto& first = scheduled.release.view()->log.back().event;
        QVERIFY(first);
        QCOMPARE(std::get<rollout::RolloutStarted>(*first).note,
                 std::string("outside its schedule (late night): the bank calls, agreed by you"));
    }

    void A_10_04_freezesAreCountedOutForEveryYear_data()
    {
        columns();
        // The fourth Thursday of November: 26th, 25th, 23rd.
        row("2026, Thanksgiving itself", "2026-11-26T19:00:00Z", State::Preferred);
        row("2026, first day", "2026-11-27T19:00:00Z", State::Frozen, "Black Friday until 2026-11-30");
        row("2026, Cyber Monday", "2026-11-30T19:00:00Z", State::Frozen, "Black Friday until 2026-11-30");
        row("2026, after", "2026-12-01T19:00:00Z", State::Preferred);
        row("2027", "2027-11-29T19:00:00Z", State::Frozen, "Black Friday until 2027-11-29");
        row("2028", "2028-11-27T19:00:00Z", State::Frozen, "Black Friday until 2028-11-27");
        row("over New Year", "2028-01-01T19:00:00Z", State::Frozen, "Holidays until 2028-01-02");
        row("by hand", "2026-07-14T18:00:00Z", State::Frozen, "Summer sale until 2026-07-15");
        row("a leap day's, in another year", "2027-02-28T20:00:00Z", State::Frozen, "Stocktaking until 2027-02-28");
        row("over two New Years", "2030-06-11T18:00:00Z", State::Frozen, "Long one until 2031-01-02");
        row("by hand, another year", "2027-07-14T18:00:00Z", State::Preferred);
    }
    void A_10_04_freezesAreCountedOutForEveryYear() { compare("avalo"); }

    void O_7_02_notInPeakHoursAndTheNextFreeTimeIsSaid()
    {
        const auto tuesday = checkSchedule(schedule("orca"), at("2026-11-24T10:00:00Z"));
        QCOMPARE(tuesday.state, State::Avoided);
        QCOMPARE(tuesday.why, std::string("peak hours"));
        QCOMPARE(tuesday.nextFree, std::string("Tue 2026-11-24 17:00 UTC"));
        QCOMPARE(checkSchedule(schedule("orca"), at("2026-11-28T10:00:00Z")).state, State::Preferred); // a Saturday
        const auto refused = Scheduled("orca").start();
        QVERIFY(!refused.ok() &&
                refused.error().detail.find("Free from Wed 2026-11-18 17:00 UTC") != std::string::npos);
    }
};

} // namespace sluice::seeds

QTEST_GUILESS_MAIN(sluice::seeds::ScheduleRowsTest)
#include "schedule_rows_test.moc"
