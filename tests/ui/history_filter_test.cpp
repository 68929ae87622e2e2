// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/console_stand.h"
#include "ui/history/history_filter.h"

using namespace sluice;
using ui::HistoryFilter;

namespace {

HistoryFilter filter(const QString& line)
{
    return HistoryFilter::read(line, support::sampleNow().wall, test::formats());
}

/// checkout/production 2.3.0 → 2.4.0, started by ana two days ago at 10:02, rolled back.
ports::RolloutRow row()
{
    return support::sampleRow("checkout/production", "2.3.0", "2.4.0", "rolled-back", 2, "ana");
}

} // namespace

class HistoryFilterTest : public QObject {
    Q_OBJECT

private slots:
    void aLineLetsThroughWhatItSays_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<bool>("matches");
        const auto add = [](const char* line, bool matches) { QTest::newRow(line) << line << matches; };
        add("", true);
        add("   ", true);
        add("service:checkout", true);
        add("service:check", false);
        add("service:check*", true);
        add("service:Checkout", true);
        add("service:search,checkout", true);
        add("-service:checkout", false);
        add("-service:search", true);
        add("env:production", true);
        add("env:staging", false);
        add("target:checkout/production", true);
        add("version:2.4.0", true);
        add("version:2.3.0", true);
        add("version:2.4", false);
        add("outcome:rolled-back", true);
        add("outcome:stable", false);
        add("outcome:stable,rolled-back", true);
        add("outcome:any", true);
        add("outcome:live", false);
        add("by:ana", true);
        add("by:anab", false);
        add("playbook:avalo-*", true);
        add("since:3d", true);
        add("since:47h", false);
        add("since:2w until:1d", true);
        add("until:2d", true);
        add("until:3d", false);
        add("since:2026-11-19", true);
        add("since:2026-11-20", false);
        add("until:2026-11-19", true);
        add("until:2026-11-18", false);
        add("since:2026-11-19T10:02", true);
        add("since:2026-11-19T10:03", false);
        add("checkout", true);
        add("heckou", true);
        add("CHECKOUT 2.4", true);
        add("checkout search", false);
        add("-search", true);
        add("\"checkout\"", true);
        add("service:\"checkout\"", true);
        add("\"service:checkout\"", false);
        add("service:checkout outcome:rolled-back by:ana since:7d", true);
        add("service:checkout outcome:rolled-back by:ben since:7d", false);
        add(".*", true);
        add("[", false);
    }
    void aLineLetsThroughWhatItSays()
    {
        QFETCH(QString, line);
        QFETCH(bool, matches);
        const HistoryFilter read = filter(line);
        QVERIFY2(!read.problem(), qPrintable(read.problem() ? read.problem()->words : QString()));
        QCOMPARE(read.matches(row(), {}), matches);
    }

    void aWordThatIsNotUnderstoodIsNamedWithItsPlace_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<int>("at");
        QTest::addColumn<QString>("says");
        const auto add = [](const char* line, int at, const char* says) { QTest::newRow(line) << line << at << says; };
        add("servce:checkout", 0, "no such field");
        add("by:ana outcom:stable", 7, "Column 8, “outcom:stable”");
        add("outcome:done", 0, "“done” is no outcome");
        add("service:", 0, "a value is missing");
        add("service:,", 0, "a value is missing");
        add("since:yesterday", 0, "30m, 12h, 7d");
        add("checkout until:7x", 9, "30m, 12h, 7d");
        add("since:2026-13-40", 0, "a day such as");
        add("-since:7d", 0, "cannot be turned round");
        add("by:ana \"order desk", 7, "never closed");
    }
    void aWordThatIsNotUnderstoodIsNamedWithItsPlace()
    {
        QFETCH(QString, line);
        QFETCH(int, at);
        QFETCH(QString, says);
        const HistoryFilter read = filter(line);
        QVERIFY(read.problem().has_value());
        QCOMPARE(static_cast<int>(read.problem()->at), at);
        QVERIFY2(read.problem()->words.contains(says), qPrintable(read.problem()->words));
        QVERIFY(read.problem()->words.startsWith(QStringLiteral("Column %1,").arg(at + 1)));
        QVERIFY(!read.matches(row(), {}));
    }

    void aLineThatIsTooLongIsRefusedAsAWhole()
    {
        QVERIFY(filter(QString(501, QLatin1Char('x'))).problem().has_value());
        QVERIFY(!filter(QString(500, QLatin1Char('x'))).problem().has_value());
    }

    void theNamesOfTheConnectionsFileAreWhatPeopleFilterBy()
    {
        const ui::TargetNames names{
            {TargetId("checkout/production"), {QStringLiteral("shop"), QStringLiteral("live")}}};
        QVERIFY(filter(QStringLiteral("service:shop env:live")).matches(row(), names));
        QVERIFY(!filter(QStringLiteral("service:checkout")).matches(row(), names));
    }
};

SLUICE_UI_TEST_MAIN(HistoryFilterTest)
#include "history_filter_test.moc"
