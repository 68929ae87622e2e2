// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include <set>

#include "tests/seeds/seed_rows.h"
#include "tests/seeds/seed_runs.h"

namespace sluice::seeds {

namespace {
constexpr size_t kRows = 423;
/// The adapters that rows may wait for.
const QStringList kAdapters{QStringLiteral("Kubernetes"), QStringLiteral("Cloud Run"), QStringLiteral("Cloudflare"),
                            QStringLiteral("ECS"), QStringLiteral("DNS")};
} // namespace

class SeedTableTest : public QObject {
    Q_OBJECT

    std::vector<SeedRow> m_rows{};
    std::set<QString> m_tested{};

private slots:
    void initTestCase()
    {
        auto rows = readSeedRows(QStringLiteral(SLUICE_SEED_ROWS));
        QVERIFY2(rows.ok(), rows.ok() ? "" : rows.error().detail.c_str());
        m_rows = std::move(rows).value();
        for (const QString& name : QStringLiteral(SLUICE_SEED_TESTS).split(u',')) {
            const auto ids = seedIdsOf(QStringLiteral(SLUICE_BIN_DIR "/") + name);
            QVERIFY2(ids.ok(), qPrintable(name));
            QVERIFY2(!ids.value().empty(), qPrintable(name + QStringLiteral(" bears no row's id")));
            m_tested.insert(ids.value().begin(), ids.value().end());
        }
    }

    void everyRowOfTheSeedsIsThere() { QCOMPARE(m_rows.size(), kRows); }

    void everyTestBearsTheIdOfARow()
    {
        std::set<QString> known;
        for (const SeedRow& row : m_rows)
            known.insert(row.id);
        for (const QString& id : m_tested)
            QVERIFY2(known.contains(id), qPrintable(id));
    }

    void aRowSaysHowItIsMetExactlyWhenATestShowsIt()
    {
        for (const SeedRow& row : m_rows)
            QVERIFY2((!row.met.isEmpty() && !row.isPlanned()) == m_tested.contains(row.id), qPrintable(row.id));
    }

    void onlyNamedAdaptersMayBeWaitedFor()
    {
        for (const SeedRow& row : m_rows)
            if (row.isPlanned())
                QVERIFY2(kAdapters.contains(row.met.mid(9)), qPrintable(row.id + QStringLiteral(": ") + row.met));
    }

    void aMistakeInTheRowsNamesItsLine_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("problem");
        QTest::newRow("cells") << "# rows\nO-1.01\tasked"
                               << "x.tsv:2: 2 cells; a row has three between tabs";
        QTest::newRow("id") << "O-1.1\t\tasked"
                            << "x.tsv:1: 'O-1.1' is no id such as O-1.09";
        QTest::newRow("nothing asked") << "O-1.01\tmet\t"
                                       << "x.tsv:1: nothing is asked";
    }
    void aMistakeInTheRowsNamesItsLine()
    {
        QFETCH(QString, text);
        QFETCH(QString, problem);
        const auto rows = parseSeedRows(text, QStringLiteral("x.tsv"));
        QVERIFY(!rows.ok());
        QCOMPARE(QString::fromStdString(rows.error().detail), problem);
    }

    void aFunctionPassesWhenAllItsRowsDo_data()
    {
        QTest::addColumn<QByteArray>("inside");
        QTest::addColumn<bool>("passed");
        const QByteArray good = R"(<Incident type="pass"/>)";
        const QByteArray bad = R"(<Incident type="fail"><Description><![CDATA[no]]></Description></Incident>)";
        const QByteArray skipped = R"(<Message type="skip"><Description><![CDATA[no disk]]></Description></Message>)";
        QTest::newRow("passed") << good << true;
        QTest::newRow("one of two failed") << good + bad << false;
        QTest::newRow("failed, then passed") << bad + good << false;
        QTest::newRow("skipped") << skipped + good << false;
        QTest::newRow("did nothing") << QByteArray() << false;
    }
    void aFunctionPassesWhenAllItsRowsDo()
    {
        QFETCH(QByteArray, inside);
        QFETCH(bool, passed);
        const auto runs =
            parseSeedRuns(R"(<TestCase name="T"><TestFunction name="initTestCase"><Incident type="pass"/>)"
                          R"(</TestFunction><TestFunction name="O_1_09_x">)" +
                          inside + "</TestFunction></TestCase>");
        QVERIFY(runs.ok());
        QCOMPARE(runs.value().size(), size_t{1});
        QCOMPARE(runs.value().front().row, QStringLiteral("O-1.09"));
        QCOMPARE(runs.value().front().passed, passed);
    }

    void whatAProgramSaysMustBeWhole() { QVERIFY(!parseSeedRuns("<TestCase><TestFunction name=\"O_1_09_x\">").ok()); }
};

} // namespace sluice::seeds

QTEST_GUILESS_MAIN(sluice::seeds::SeedTableTest)
#include "table_test.moc"
