// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "core/model/versions.h"

using namespace sluice;

namespace {

std::string problemsOf(const std::string& text)
{
    const auto read = readVersions(text, "v.yaml");
    if (read.index() == 0) return {};
    std::string lines;
    for (const Problem& problem : std::get<1>(read))
        lines += problemText(problem) + "\n";
    return lines;
}

} // namespace

/// The file that names the versions of a service.
class VersionsTest : public QObject {
    Q_OBJECT

private slots:
    void aRegistryIsReadInTheOrderOfItsVersions()
    {
        const auto read = readVersions(R"(service: checkout
versions:
  1.10.0: {migration: two-phase, must_run: true, before: [Tell the support team], after: [Backfill carts]}
  1.2.0: {title: New cart, needs: {payments: ^2.0.0}, breaking: [The cart API drops v1], deprecated: [GET /old]}
  v1.9.0: {migration: compatible, reads: [users.verified]}
incompatible:
  - {from: <1.2.0, to: '>=1.10.0', because: the session format changed}
services:
  payments: {version: 2.1.0, needs: {ledger: '*'}}
)",
                                       "v.yaml");
        QCOMPARE(read.index(), size_t{0});
        const VersionRegistry& registry = std::get<0>(read);
        QCOMPARE(registry.service, std::string("checkout"));
        std::vector<std::string> order;
        for (const VersionInfo& one : registry.versions)
            order.push_back(one.version.text());
        QCOMPARE(order, (std::vector<std::string>{"1.2.0", "1.9.0", "1.10.0"}));
        const VersionInfo& newest = *registry.find(*SemVer::parse("1.10.0"));
        QCOMPARE(newest.migration, MigrationKind::TwoPhase);
        QVERIFY(newest.mustRun);
        QCOMPARE(newest.before, std::vector<std::string>{"Tell the support team"});
        QCOMPARE(registry.versions[0].needs.at("payments").text, std::string("^2.0.0"));
        QCOMPARE(registry.versions[1].reads, std::vector<std::string>{"users.verified"});
        QCOMPARE(registry.incompatible.front().because, std::string("the session format changed"));
        QCOMPARE(registry.services.at("payments").version.text(), std::string("2.1.0"));
    }

    void mistakesAreNamedWithWhatWouldBeRight_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("problem");
        const auto row = [](const char* name, const char* line, const char* problem) {
            QTest::newRow(name) << QByteArray(line) << QByteArray(problem);
        };
        row("no version", "versions: {1.2: {}}",
            "v.yaml:2:12: versions.1.2: '1.2' is no semantic version; write it like 1.4.0\n");
        row("twice", "versions: {1.2.0: {}, v1.2.0: {}}",
            "v.yaml:2:23: versions.v1.2.0: this version is there already\n");
        row("no range", "versions: {1.2.0: {needs: {payments: newest}}}",
            "v.yaml:2:38: versions.1.2.0.needs.payments: 'newest' is no range; write it like '>=1.2.0 <2.0.0' or "
            "^1.2.0\n");
        row("another kind of migration", "versions: {1.2.0: {migration: safe}}",
            "v.yaml:2:31: versions.1.2.0.migration: 'safe' is not known; write none, compatible, two-phase, breaking "
            "or "
            "unknown\n");
        row("a pair without its reason", "versions: {1.2.0: {}}\nincompatible: [{from: '*', to: '*'}]",
            "v.yaml:3:16: incompatible[0]: 'because' is missing; write it like {from: <1.0.0, to: '>=1.2.0', because: "
            "the session format changed}\n");
    }
    void mistakesAreNamedWithWhatWouldBeRight()
    {
        QFETCH(QByteArray, line);
        QFETCH(QByteArray, problem);
        QCOMPARE(QByteArray::fromStdString(problemsOf("service: checkout\n" + line.toStdString() + "\n")), problem);
    }
};

QTEST_APPLESS_MAIN(VersionsTest)
#include "versions_test.moc"
