// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <variant>

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include "core/policy/upgrade.h"
#include "tests/seeds/run_sluicectl.h"

namespace sluice::seeds {

namespace {

using policy::checkUpgrade;
using policy::Coexistence;
using policy::UpgradeCheck;
using Lines = std::vector<std::string>;

constexpr const char* kVersions = R"(service: app
versions:
  1.0.0: {reads: [users.verified], migration: none}
  1.1.0:
    title: Carts of one's own
    needs: {payments: '>=2.0.0'}
    breaking: [The cart API drops v1]
    deprecated: [GET /old]
    migration: two-phase
    reads: [users.verified]
    before: [Tell the support team]
    after: [Copy users.verified to users.email_verified]
  1.2.0: {breaking: [Sessions end], migration: compatible, after: [Warm the cache]}
  1.3.0: {drops: [users.verified], migration: two-phase}
  1.4.0: {migration: breaking}
  1.5.0: {migration: unknown}
  2.0.0: {must_run: true, migration: none}
  2.1.0: {needs: {search: '>=1.0.0'}, migration: none}
incompatible:
  - {from: <1.1.0, to: '>=2.0.0', because: the session format changed}
  - {from: 1.2.0, to: 1.1.0, because: it cannot read the carts of 1.2.0}
services:
  payments: {version: 2.1.0, needs: {ledger: '>=1.4.0'}}
  ledger: {version: 1.5.0}
)";

VersionRegistry registry(std::string from = {}, const std::string& to = {})
{
    std::string text(kVersions);
    if (!from.empty()) text.replace(text.find(from), from.size(), to);
    auto read = readVersions(text, "versions.yaml");
    if (read.index() != 0) qFatal("%s", problemText(std::get<1>(read).front()).c_str());
    return std::get<0>(std::move(read));
}

UpgradeCheck check(const char* from, const char* to, Coexistence coexistence = Coexistence::Apart,
                   const VersionRegistry& versions = registry())
{
    return checkUpgrade(versions, *SemVer::parse(from), *SemVer::parse(to), coexistence);
}

bool names(const Lines& lines, const char* text)
{
    return std::ranges::any_of(lines, [=](const std::string& line) { return line.find(text) != std::string::npos; });
}

/// `sluicectl compat ARGUMENTS` on the registry above.
Said compat(const QStringList& arguments, const QByteArray& text = kVersions)
{
    QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("versions.yaml")));
    if (!file.open(QIODevice::WriteOnly)) return {};
    file.write(text);
    file.close();
    return runSluicectl(QStringList{QStringLiteral("compat"), QStringLiteral("--versions"), file.fileName()} +
                        arguments);
}

QStringList words(const char* line)
{
    return QString::fromLatin1(line).split(QLatin1Char(' '));
}

} // namespace

/// What CRE, Mission Control and Avalo ask of versions and their order.
class VersionRowsTest : public QObject {
    Q_OBJECT

private slots:
    void C_3_01_versionsAreListedWithWhatIsKnownAndNoneTwice()
    {
        const Said all = compat(words("--list"));
        QCOMPARE(all.code, 0);
        QVERIFY(all.out.contains(QStringLiteral("1.1.0            Carts of one's own (breaking)")));
        const Said twice = compat(words("--list"), "service: app\nversions: {1.0.0: {}, v1.0.0: {}}\n");
        QCOMPARE(twice.code, 2);
        QVERIFY(twice.err.contains(QStringLiteral("this version is there already")));
    }

    void C_3_02_aPairThatIsRuledOutIsRefusedByItsNames()
    {
        QVERIFY(names(check("1.0.0", "2.0.0").errors, "1.0.0 to 2.0.0 is ruled out: the session format changed"));
        QVERIFY(!names(check("1.1.0", "2.0.0").errors, "ruled out"));
    }

    void C_3_03_neededServicesAreThereAndNewEnoughAlsoFurtherDown_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<QByteArray>("error");
        QTest::newRow("all there") << QByteArray() << QByteArray() << QByteArray();
        QTest::newRow("too old") << QByteArray("{version: 2.1.0,") << QByteArray("{version: 1.9.0,")
                                 << QByteArray("app needs payments >=2.0.0, and 1.9.0 runs");
        QTest::newRow("missing") << QByteArray("  ledger: {version: 1.5.0}\n") << QByteArray()
                                 << QByteArray(
                                        "payments needs ledger >=1.4.0, and nobody says which version of it runs");
        QTest::newRow("one that needs this one")
            << QByteArray("{version: 1.5.0}") << QByteArray("{version: 1.5.0, needs: {app: <1.1.0}}")
            << QByteArray("ledger needs app <1.1.0, and 1.1.0 would run");
        QTest::newRow("too old further down") << QByteArray("{version: 1.5.0}") << QByteArray("{version: 1.3.0}")
                                              << QByteArray("payments needs ledger >=1.4.0, and 1.3.0 runs");
    }
    void C_3_03_neededServicesAreThereAndNewEnoughAlsoFurtherDown()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(QByteArray, error);
        const Lines errors =
            check("1.0.0", "1.1.0", Coexistence::Apart, registry(from.toStdString(), to.toStdString())).errors;
        QCOMPARE(errors, error.isEmpty() ? Lines{} : Lines{error.toStdString()});
    }

    void C_3_04_whatBreaksIsListedSkippedVersionsIncluded()
    {
        const UpgradeCheck seen = check("1.0.0", "1.2.0");
        QCOMPARE(seen.breaking, (Lines{"1.1.0: The cart API drops v1", "1.2.0: Sessions end"}));
        QCOMPARE(seen.deprecated, Lines{"1.1.0: GET /old"});
    }

    void C_3_05_theMigrationIsSafeUnsafeOrUnknown()
    {
        QVERIFY(check("1.1.0", "1.2.0").allowed());
        QVERIFY(names(check("1.3.0", "1.4.0").errors, "1.4.0 changes or removes what runs beside it"));
        const UpgradeCheck unknown = check("1.4.0", "1.5.0");
        QVERIFY(unknown.allowed());
        QVERIFY(names(unknown.warnings, "nobody said whether the migration of 1.5.0 is compatible"));
    }

    void C_3_06_theStepsOfAPathStandInTheirOrder()
    {
        QCOMPARE(check("1.0.0", "1.2.0").steps,
                 (Lines{"Back up the database", "Tell the support team", "Migrate the database to 1.1.0",
                        "Migrate the database to 1.2.0", "Release 1.2.0", "Copy users.verified to users.email_verified",
                        "Warm the cache"}));
    }

    void C_3_07_oneResultHasAllOfItAndAnErrorRefuses()
    {
        const Said said = compat(words("1.0.0 2.1.0 --json"));
        QCOMPARE(said.code, 3);
        const QJsonObject result = QJsonDocument::fromJson(said.out.toUtf8()).object();
        QCOMPARE(result[QStringLiteral("allowed")].toBool(true), false);
        QCOMPARE(result[QStringLiteral("path")].toArray().size(), 7);
        QVERIFY(result[QStringLiteral("errors")].toArray().contains(
            QStringLiteral("2.0.0 must run before 2.1.0: release it first")));
        for (const char* key : {"warnings", "breaking", "deprecated", "steps"})
            QVERIFY2(result[QLatin1String(key)].isArray(), key);
        QCOMPARE(compat(words("1.1.0 1.2.0 --apart")).code, 0);
    }

    void C_4_06_whatRunsTogetherIsJudgedBothWays()
    {
        QVERIFY(check("1.1.0", "1.2.0", Coexistence::Apart).allowed());
        QVERIFY(names(check("1.1.0", "1.2.0", Coexistence::Together).errors,
                      "1.2.0 beside 1.1.0 is ruled out while both run: it cannot read the carts of 1.2.0"));
    }

    void C_10_08_aVersionThatNobodyEnteredIsReported()
    {
        QVERIFY(names(check("1.0.0", "1.9.0").errors, "app 1.9.0 is not among its versions: 1.0.0, 1.1.0"));
        const VersionRegistry undocumented = registry("2.0.0: {must_run: true, migration: none}", "2.0.0: {}");
        QVERIFY(names(check("1.5.0", "2.0.0", Coexistence::Apart, undocumented).warnings,
                      "nobody said whether the migration of 2.0.0 is compatible"));
    }

    void M_5_04_aHotfixLiesBetweenItsTagAndTheNext()
    {
        const auto live = SemVer::parse("v0.4.1");
        const auto hotfix = SemVer::parse("v0.4.2-hotfix");
        QVERIFY(live && hotfix && *live < *hotfix && *hotfix < *SemVer::parse("v0.4.2"));
        const VersionRegistry versions =
            registry("versions:\n", "versions:\n  0.4.1: {}\n  0.4.2-hotfix: {}\n  0.4.2: {}\n");
        QVERIFY(check("0.4.1", "0.4.2-hotfix", Coexistence::Together, versions).allowed());
        QVERIFY(check("0.4.2-hotfix", "0.4.2", Coexistence::Together, versions).allowed());
    }

    void A_7_03_aBreakingOneIsRefusedInOneRelease()
    {
        QVERIFY(names(check("1.3.0", "1.4.0").errors, "split its migration in two phases"));
    }

    void C_3_05_theOldGoesOnlyWhenNobodyReadsIt()
    {
        QCOMPARE(check("1.1.0", "1.3.0").errors,
                 Lines{"1.3.0 drops users.verified while 1.1.0 still reads it: release a "
                       "version that does not first"});
        QVERIFY(check("1.2.0", "1.3.0").allowed());
        const VersionRegistry still = registry("1.3.0: {drops", "1.3.0: {reads: [users.verified], drops");
        QVERIFY(names(check("1.2.0", "1.3.0", Coexistence::Apart, still).errors,
                      "1.3.0 reads users.verified, which 1.3.0 drops"));
        QCOMPARE(check("1.2.0", "1.3.0").steps.back(),
                 std::string("Drop users.verified when no older instance runs any more"));
    }

    void C_3_05_theWayBackOverTheDropIsSaidBeforeAndRefusedAfter()
    {
        QVERIFY(names(check("1.2.0", "1.3.0").warnings,
                      "after it there is no way back to 1.1.0, which reads users.verified"));
        QVERIFY(check("1.3.0", "1.2.0").allowed());
        QVERIFY(names(check("1.3.0", "1.1.0").errors,
                      "there is no way back to 1.1.0: 1.3.0 dropped users.verified, which it reads"));
    }
};

} // namespace sluice::seeds

QTEST_GUILESS_MAIN(sluice::seeds::VersionRowsTest)
#include "version_rows_test.moc"
