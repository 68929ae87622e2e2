// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>

#include <QtTest>

#include "core/model/connections.h"

using namespace sluice;

namespace {

/// Lines: 2 and 3 people, 5 source, 7 and 8 routers, 10 and 11 deployers, 13 and 14 targets.
const std::string kGood = R"(people:
  - {id: ana, name: Ana, roles: [release-manager], logins: [ana, CORP\ana]}
  - {id: lead, roles: engineering-lead}
sources:
  prom: {prometheus: 'http://127.0.0.1:9090', token: env:PROM_TOKEN}
routers:
  edge-1: {haproxy: 'unix:run/edge1.sock', split: map, service: checkout, backends: {stable: blue, canary: green}}
  edge-2: {haproxy: 'ssh:edge2:/run/haproxy/admin.sock', split: weights, service: checkout}
deployers:
  shell: {command: [/opt/deploy/run, --service, checkout], timeout: 10m}
  lab: {lab: lab.sock}
targets:
  checkout/production: {routers: [edge-1, edge-2], metrics: prom, deployer: shell, playbook: avalo-production,
                        health: 'http://127.0.0.1/health', stable_version: v41}
)";

std::string problemsOf(const std::string& text)
{
    const auto read = readConnections(text, "c.yaml", "/srv/sluice");
    if (read.index() == 0) return {};
    std::string lines;
    for (const Problem& problem : std::get<1>(read))
        lines += problemText(problem) + "\n";
    return lines;
}

std::string changed(std::string text, const std::string& from, const std::string& to)
{
    const size_t at = text.find(from);
    if (at == std::string::npos) qFatal("'%s' is not in the text", from.c_str());
    return text.replace(at, from.size(), to);
}

void bad(const char* name, const char* from, const char* to, const char* problem)
{
    QTest::newRow(name) << QByteArray(from) << QByteArray(to) << QByteArray(problem);
}

void columns()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<QByteArray>("problem");
}

} // namespace

class ConnectionsTest : public QObject {
    Q_OBJECT

private slots:
    void everyFieldIsRead()
    {
        const std::string text =
            "schedules: {office: {zone: Europe/Berlin, avoid: [{days: [fri, sun], from: '22:00', to: '06:00'}], "
            "freeze: "
            "[{name: Black Friday, on: fourth thursday of november + 1d}, {name: Holidays, from: 12-20, to: "
            "01-02}]}}\n" +
            changed(
                kGood, "stable_version: v41",
                "stable_version: v41, urls: {stable: 'http://127.0.0.1:1', canary: 'http://127.0.0.1:2'}, versions: "
                "versions.yaml, schedule: office");
        const auto read = readConnections(text, "c.yaml", "/srv/sluice");
        QCOMPARE(QByteArray::fromStdString(problemsOf(text)), QByteArray());
        const Connections& c = std::get<0>(read);
        QCOMPARE(c.store, std::string("/srv/sluice/journal.db"));
        const Person ana{PersonId("ana"), "Ana", {"release-manager"}, {"ana", "CORP\\ana"}, Duration(0)};
        QCOMPARE(c.people.front(), ana);
        QCOMPARE(c.person(PersonId("lead"))->name, std::string("lead"));
        const MetricSourceConfig prom{"http://127.0.0.1:9090", {SecretRef::Kind::Environment, "PROM_TOKEN"}};
        QCOMPARE(c.sources.at("prom"), prom);
        const RouterConfig edge1{"unix:/srv/sluice/run/edge1.sock", RouterConfig::Split::Map, "checkout", "blue",
                                 "green"};
        QCOMPARE(c.routers.at("edge-1"), edge1);
        QCOMPARE(c.routers.at("edge-2").address, std::string("ssh:edge2:/run/haproxy/admin.sock"));
        QCOMPARE(c.routers.at("edge-2").split, RouterConfig::Split::Weights);
        const DeployerConfig shell{
            DeployerConfig::Kind::Command, {}, {"/opt/deploy/run", "--service", "checkout"}, std::chrono::minutes(10)};
        QCOMPARE(c.deployers.at("shell"), shell);
        QCOMPARE(c.deployers.at("lab").socket, std::string("/srv/sluice/lab.sock"));
        const TargetConfig target{TargetId("checkout/production"),
                                  "checkout",
                                  "production",
                                  {"edge-1", "edge-2"},
                                  "prom",
                                  "shell",
                                  "avalo-production",
                                  "http://127.0.0.1/health",
                                  "http://127.0.0.1:1",
                                  "http://127.0.0.1:2",
                                  "/srv/sluice/versions.yaml",
                                  "office",
                                  "v41",
                                  false};
        QCOMPARE(*c.target(TargetId("checkout/production")), target);
    }

    void aScheduleIsReadWithItsDays()
    {
        const auto day = CalendarDay::parse("last mon of may + 2d");
        QVERIFY(day);
        QCOMPARE(*day, (CalendarDay{.month = 5, .nth = -1, .weekday = 1, .plus = 2}));
        QCOMPARE(*CalendarDay::parse("2026-07-10"), (CalendarDay{.year = 2026, .month = 7, .day = 10}));
        QCOMPARE(*CalendarDay::parse("02-29"), (CalendarDay{.month = 2, .day = 29}));
        for (const char* text :
             {"", "07-32", "13-01", "12-276", "26-07-10", "12--20", "-12-20", "2026-7-10", "2026-02-29",
              "sixth mon of may", "first may of mon", "first mon of may + 2", "first mon in may"})
            QVERIFY2(!CalendarDay::parse(text), text);
    }

    void aScheduleSaysWhereAndWhatWouldBeRight_data()
    {
        QTest::addColumn<QByteArray>("schedule");
        QTest::addColumn<QByteArray>("problem");
        const auto row = [](const char* name, const char* schedule, const char* problem) {
            QTest::newRow(name) << QByteArray(schedule) << QByteArray(problem);
        };
        row("zone", "{zone: Mars/Base}", "zone: there is no time zone 'Mars/Base'; write one like America/Los_Angeles");
        row("day", "{avoid: [{days: [freitag]}]}",
            "avoid[0].days: 'freitag' is no day; write mon, tue, wed, thu, fri, sat or sun");
        row("time", "{avoid: [{from: '25:00'}]}", "avoid[0].from: '25:00' is no time of day; write it like '10:00'");
        row("no length", "{avoid: [{from: '10:00', to: '10:00'}]}",
            "avoid[0].to: from and to are the same time; leave both out for a whole day");
        row("no last day", "{freeze: [{name: Sale, from: 07-10}]}",
            "freeze[0]: a freeze has one day (on:) or a first and a last one (from:, to:)");
        row("one year", "{freeze: [{name: Sale, from: 12-20, to: 2027-01-02}]}",
            "freeze[0].to: one of the two has a year and the other has none; write both alike");
        row("backwards", "{freeze: [{name: Sale, from: 2026-07-15, to: 2026-07-14}]}",
            "freeze[0].to: the last day lies before the first");
        row("no date", "{freeze: [{name: Sale, on: tomorrow}]}",
            "freeze[0].on: 'tomorrow' is no day; write it like 2026-07-10, 12-20 for every year, or 'fourth thursday "
            "of "
            "november + 1d'");
    }
    void aScheduleSaysWhereAndWhatWouldBeRight()
    {
        QFETCH(QByteArray, schedule);
        QFETCH(QByteArray, problem);
        const std::string said = problemsOf("schedules: {own: " + schedule.toStdString() + "}\n" + kGood);
        QVERIFY2(said.starts_with("c.yaml:1:"), said.c_str());
        QVERIFY2(said.ends_with(": schedules.own." + problem.toStdString() + "\n"), said.c_str());
    }

    void anAbsoluteStoreAndASecretFileStayWhereTheyAre()
    {
        const std::string text = changed(kGood, "env:PROM_TOKEN", "file:/etc/prom.token");
        const auto read = readConnections("store: /var/lib/sluice/j.db\n" + text, "c.yaml", "/srv");
        QCOMPARE(read.index(), size_t{0});
        QCOMPARE(std::get<0>(read).store, std::string("/var/lib/sluice/j.db"));
        const SecretRef secret{SecretRef::Kind::File, "/etc/prom.token"};
        QCOMPARE(std::get<0>(read).sources.at("prom").token, secret);
    }

    void aChannelIsReadWithItsSeverities()
    {
        const auto read = readConnections(
            kGood + "channels:\n  alerts: {slack: env:SLACK_URL, when: [critical, warning]}\n", "c", "/");
        QCOMPARE(read.index(), size_t{0});
        const std::vector<Severity> when{Severity::Critical, Severity::Warning};
        QCOMPARE(std::get<0>(read).channels.at("alerts").when, when);
    }

    void aWrongFileSaysWhereAndWhatWouldBeRight_data();
    void aWrongFileSaysWhereAndWhatWouldBeRight()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(QByteArray, problem);
        const std::string text = changed(kGood, from.toStdString(), to.toStdString());
        QCOMPARE(QByteArray::fromStdString(problemsOf(text)), problem.isEmpty() ? problem : problem + "\n");
    }

    void wrongPeopleAndTargets_data();
    void wrongPeopleAndTargets() { aWrongFileSaysWhereAndWhatWouldBeRight(); }

    void aSecretWrittenOutIsNotRepeatedInTheProblem()
    {
        QVERIFY(
            !QByteArray::fromStdString(problemsOf(changed(kGood, "env:PROM_TOKEN", "hunter2"))).contains("hunter2"));
        QVERIFY(!QByteArray::fromStdString(problemsOf(changed(kGood, "//127.0.0.1:9090", "//u:hunter2@h")))
                     .contains("hunter2"));
    }

    void aStandInThatApprovesByItselfIsRefusedNearARealTarget()
    {
        const std::string standIn =
            changed(kGood, "roles: engineering-lead", "roles: engineering-lead, approves_after: 5s");
        QCOMPARE(problemsOf(standIn), std::string("c.yaml:3:57: people[1].approves_after: only for the lab, and "
                                                  "checkout/production does not say lab: true\n"));
        QCOMPARE(problemsOf(changed(standIn, "stable_version: v41", "stable_version: v41, lab: true")), std::string());
    }

    void twoTargetsCannotMoveTheSameRouter()
    {
        const std::string text =
            kGood +
            "  shop/production: {routers: edge-2, metrics: prom, deployer: shell, playbook: avalo-production}\n";
        QCOMPARE(
            problemsOf(text),
            std::string("c.yaml:15:30: targets.shop/production.routers: router 'edge-2' already moves the traffic of "
                        "checkout/production; give each target its own entry\n"));
    }
};

void ConnectionsTest::aWrongFileSaysWhereAndWhatWouldBeRight_data()
{
    columns();
    bad("router of another name", "[edge-1, edge-2]", "[edge-1, egde-2]",
        "c.yaml:13:34: targets.checkout/production.routers: no router is called 'egde-2'; did you mean 'edge-2'?");
    bad("source of another name", "metrics: prom", "metrics: thanos",
        "c.yaml:13:61: targets.checkout/production.metrics: no metric source is called 'thanos'; there are prom");
    bad("deployer of another name", "deployer: shell", "deployer: shel",
        "c.yaml:13:77: targets.checkout/production.deployer: no deployer is called 'shel'; did you mean 'shell'?");
    bad("unknown key", "split: map", "splitt: map",
        "c.yaml:7:44: routers.edge-1: unknown key 'splitt'; did you mean 'split'?");
    bad("unknown split", "split: weights", "split: wheights",
        "c.yaml:8:65: routers.edge-2.split: 'wheights' is not known; did you mean 'weights'?");
    bad("plain secret", "env:PROM_TOKEN", "abc123",
        "c.yaml:5:54: sources.prom.token: a secret is never written here; write env:NAME or file:/path");
    bad("password in an address", "//127.0.0.1:9090", "//ana:pw@prom:9090",
        "c.yaml:5:22: sources.prom.prometheus: an address holds no user and password; write the secret as token: "
        "env:NAME");
    bad("address without a scheme", "'http://127.0.0.1:9090'", "127.0.0.1:9090",
        "c.yaml:5:22: sources.prom.prometheus: '127.0.0.1:9090' is not an address; write it like "
        "http://127.0.0.1:9090");
    bad("router address without a kind", "unix:run/edge1.sock", "/run/edge1.sock",
        "c.yaml:7:21: routers.edge-1.haproxy: '/run/edge1.sock' is not a router address; write unix:/path, "
        "tcp:HOST:PORT or "
        "ssh:HOST:/path");
    bad("port above 65535", "ssh:edge2:/run/haproxy/admin.sock", "tcp:edge2:65536",
        "c.yaml:8:21: routers.edge-2.haproxy: 'tcp:edge2:65536' is not a router address; write unix:/path, "
        "tcp:HOST:PORT or "
        "ssh:HOST:/path");
    bad("an option instead of a host", "ssh:edge2:", "ssh:-oProxyCommand=x:",
        "c.yaml:8:21: routers.edge-2.haproxy: 'ssh:-oProxyCommand=x:/run/haproxy/admin.sock' is not a router address; "
        "write "
        "unix:/path, tcp:HOST:PORT or ssh:HOST:/path");
    bad("no service", ", split: weights, service: checkout", "",
        "c.yaml:8:11: routers.edge-2: 'service' is missing; write it like service: checkout");
    bad("one backend for both", "canary: green", "canary: blue",
        "c.yaml:7:85: routers.edge-1.backends: stable and canary are the same backend; nothing could be split");
    bad("two kinds of deployer", "{lab: lab.sock}", "{lab: lab.sock, command: [x]}",
        "c.yaml:11:8: deployers.lab: write either lab: PATH of lab.sock or command: [PROGRAM, ARGUMENT, …]");
    bad("empty command", "[/opt/deploy/run, --service, checkout]", "[]",
        "c.yaml:10:20: deployers.shell.command: the list is empty; name at least one or leave the key out");
    bad("time-out without a unit", "timeout: 10m", "timeout: 10",
        "c.yaml:10:69: deployers.shell.timeout: 10 has no unit; write 10s for seconds or 10m for minutes");
}

void ConnectionsTest::wrongPeopleAndTargets_data()
{
    columns();
    bad("target without a slash", "checkout/production:", "checkout:",
        "c.yaml:13:3: targets: 'checkout' is not a target; write it like checkout/production");
    bad("two people with one id", "id: lead", "id: ana", "c.yaml:3:10: people[1].id: 'ana' is already somebody else");
    bad("one login for two", "roles: engineering-lead", "logins: [ana]",
        "c.yaml:3:24: people[1].logins: login 'ana' already belongs to ana");
    bad("somebody called engine", "id: lead", "id: engine",
        "c.yaml:3:10: people[1].id: 'engine' is the engine itself; choose another id");
    bad("homoglyph in an id", "id: lead",
        "id: l\xD0\xB5"
        "ad",
        "c.yaml:3:10: people[1].id: 'l\xD0\xB5"
        "ad' is not a name; use a-z, 0-9, '_', '-', '.', beginning with a letter or digit");
    bad("no playbook", "playbook: avalo-production,", "",
        "c.yaml:13:24: targets.checkout/production: 'playbook' is missing; write it like playbook: avalo-production");
    bad("PostgreSQL", "people:", "store: postgresql://db/sluice\npeople:",
        "c.yaml:1:8: store: only a file is possible as store in this version; write it like journal.db");
    bad("misspelt block", "deployers:", "deployer:",
        "c.yaml:9:1: unknown key 'deployer'; did you mean 'deployers'?\n"
        "c.yaml:13:77: targets.checkout/production.deployer: no deployer is called 'shell'");
    bad("socket path too long", "run/edge1.sock",
        "run/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.sock",
        "c.yaml:7:21: routers.edge-1.haproxy: a socket path of 118 bytes; Linux takes at most 107");
}

QTEST_APPLESS_MAIN(ConnectionsTest)
#include "connections_test.moc"
