// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QTest>

#include "app/composition/client.h"
#include "core/journal/sqlite_sample_store.h"
#include "core/sim/memory_journal.h"

using namespace std::chrono_literals;

namespace sluice::app {

namespace {

/// Time passes with every look at it; meanwhile a driver answers as `answers` says, one after the other.
class DriverClock final : public ports::Clock {
public:
    DriverClock(sim::MemoryStore& store, std::vector<std::string> answers)
        : m_store(&store)
        , m_answers(std::move(answers))
    {
    }
    Now now() const override
    {
        m_boot += 100ms;
        for (auto& [id, row] : m_store->inbox)
            if (m_next < m_answers.size()) row.answer = m_answers[m_next++];
        return {.wall = wallTime(1'800'000'000'000'000), .boot = m_boot};
    }

private:
    sim::MemoryStore* m_store;
    std::vector<std::string> m_answers;
    mutable size_t m_next{0};
    mutable BootTime m_boot{1h};
};

} // namespace

class ClientTest : public QObject {
    Q_OBJECT

private slots:
    void whoeverAsksHearsTheWordsOfTheAnswer_data()
    {
        QTest::addColumn<QStringList>("answers");
        QTest::addColumn<QString>("heard");
        QTest::newRow("at once") << QStringList{"accepted: r-7"} << "r-7";
        QTest::newRow("the words come after the decision") << QStringList{"accepted", "accepted: r-7"} << "r-7";
        QTest::newRow("the driver dies before the words") << QStringList{"accepted"} << "Accepted.";
    }
    void whoeverAsksHearsTheWordsOfTheAnswer()
    {
        QFETCH(QStringList, answers);
        QFETCH(QString, heard);
        std::vector<std::string> script;
        for (const QString& answer : answers)
            script.push_back(answer.toStdString());
        sim::MemoryStore store;
        const DriverClock clock(store, script);
        sim::MemoryJournal journal(store, clock);
        const QTemporaryDir folder;
        auto samples = journal::SqliteSampleStore::open(folder.filePath("samples.db").toStdString(), clock,
                                                        journal::OpenMode::Create);
        QVERIFY(samples.ok());
        Client client(journal, *samples.value(), clock);
        const auto answer = client.ask(rollout::Pause{RolloutId("r-1"), "a look"}, {.person = PersonId("ana")});
        QVERIFY(answer.ok());
        QCOMPARE(QString::fromStdString(answer.value()), heard);
    }
};

} // namespace sluice::app

QTEST_GUILESS_MAIN(sluice::app::ClientTest)
#include "client_test.moc"
