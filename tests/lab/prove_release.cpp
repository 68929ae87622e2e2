// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/lab/prove_release.h"

#include <algorithm>
#include <csignal>
#include <fstream>

#include <QElapsedTimer>
#include <QTest>

#include "app/sluice-lab/runtime_socket.h"
#include "core/base/overloaded.h"
#include "core/engine/stored_events.h"
#include "tests/lab/prove_plan.h"

using namespace std::chrono_literals;

namespace sluice::app::lab {

namespace {

constexpr int kCommandMs = 20'000;
constexpr int kEngineMs = 15'000;
constexpr int kStopMs = 1'000;
constexpr Duration kPoliteBusy = 100ms; // whoever only looks on does not wait for a writer

QString controlProgram()
{
    return QStringLiteral(SLUICE_BIN_DIR "/sluicectl");
}

char stateOf(pid_t pid)
{
    std::ifstream in("/proc/" + std::to_string(pid) + "/stat");
    std::string text;
    std::getline(in, text);
    const size_t end = text.rfind(')');
    return end == std::string::npos || end + 2 >= text.size() ? 'X' : text[end + 2];
}

} // namespace

int stageOf(const rollout::Event& event)
{
    return std::visit(
        [](const auto& one) {
            if constexpr (requires { one.stage; })
                return one.stage;
            else
                return -1;
        },
        event);
}

int momentsToTry(int quick)
{
    const int asked = qEnvironmentVariableIntValue("SLUICE_MOMENTS");
    return asked > 0 ? asked : quick;
}

sim::Random seededMoments(const char* what)
{
    constexpr uint64_t kSeeds = 1'000'000;
    const int given = qEnvironmentVariableIntValue("SLUICE_SEED");
    const int64_t now = micros(adapters::SystemClock().now().wall);
    const auto seed = static_cast<uint64_t>(given > 0 ? given : 1 + now % static_cast<int64_t>(kSeeds));
    qInfo("%s: SLUICE_SEED=%llu", what, static_cast<unsigned long long>(seed));
    return sim::Random(seed);
}

EngineProcess::~EngineProcess()
{
    killNow();
}

bool EngineProcess::start(const QStringList& arguments)
{
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.start(controlProgram(), arguments);
    return QTest::qWaitFor(
               [this] {
                   const QByteArray text = said();
                   return text.contains("engine: driving") || text.contains("engine: observing") || !runs();
               },
               kEngineMs) &&
           runs();
}

QByteArray EngineProcess::said()
{
    m_said += m_process.readAll();
    return m_said;
}

void EngineProcess::killNow()
{
    if (!runs()) return;
    ::kill(pid(), SIGKILL);
    m_process.waitForFinished(kEngineMs);
}

bool EngineProcess::freeze()
{
    ::kill(pid(), SIGSTOP);
    QElapsedTimer timer;
    timer.start();
    while (!frozen() && timer.elapsed() < kStopMs) {
    }
    return frozen();
}

void EngineProcess::thaw()
{
    ::kill(pid(), SIGCONT);
}

bool EngineProcess::frozen() const
{
    return stateOf(pid()) == 'T';
}

bool ReleaseUnderTest::start(const QStringList& labOptions, const QString& store)
{
    m_store = store;
    if (!m_lab.start(
            QStringList{QStringLiteral("--rps"), QStringLiteral("60"), QStringLiteral("--for"), QStringLiteral("40m")} +
            labOptions))
        return false;
    m_playbook = m_lab.dir() + QStringLiteral("/prove.yaml");
    std::ofstream(m_playbook.toStdString()) << kProvePlaybook;
    return startEngine();
}

QStringList ReleaseUnderTest::where() const
{
    QStringList all{QStringLiteral("--connections"), QString::fromStdString(m_lab.layout().connections().string())};
    if (!m_store.isEmpty()) all << QStringLiteral("--store") << m_store + QStringLiteral("/journal.db");
    return all;
}

bool ReleaseUnderTest::startEngine()
{
    m_engine = anotherEngine();
    return m_engine != nullptr;
}

std::unique_ptr<EngineProcess> ReleaseUnderTest::anotherEngine()
{
    auto engine = std::make_unique<EngineProcess>();
    if (engine->start(QStringList{QStringLiteral("engine")} + where())) return engine;
    qWarning("the engine did not start: %s", engine->said().constData());
    return nullptr;
}

bool ReleaseUnderTest::driveWith(std::unique_ptr<EngineProcess> engine)
{
    m_engine = std::move(engine);
    return m_engine->runs();
}

CommandResult ReleaseUnderTest::ctl(const QStringList& arguments) const
{
    QProcess process;
    process.start(controlProgram(), arguments + where());
    if (!process.waitForFinished(kCommandMs)) return {};
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
            QString::fromUtf8(process.readAllStandardOutput()), QString::fromUtf8(process.readAllStandardError())};
}

RolloutId ReleaseUnderTest::startRelease(const QStringList& more)
{
    CommandResult result;
    const QString version = QStringLiteral("v3.%1.0").arg(++m_releases);
    const bool asked = QTest::qWaitFor(
        [&] {
            result = ctl(QStringList{QStringLiteral("start"), QStringLiteral("checkout/production"), version,
                                     QStringLiteral("--playbook-file"), m_playbook, QStringLiteral("--as"),
                                     QStringLiteral("release-bot")} +
                         more);
            return result.code == 0;
        },
        kEngineMs);
    if (!asked) qWarning("start: exit %d: %s", result.code, qPrintable(result.out + result.err));
    return RolloutId(asked ? result.out.trimmed().toStdString() : std::string());
}

void ReleaseUnderTest::look()
{
    if (!m_journal) {
        auto opened = journal::SqliteJournal::open((storeFolder() + "/journal.db").toStdString(), m_clock,
                                                   journal::OpenMode::Observe, kPoliteBusy);
        if (!opened) return;
        m_journal = std::move(opened).value();
    }
    const auto rows = m_journal->eventsSince(m_gseq, 1000);
    if (!rows) return;
    for (const ports::StoredEvent& row : rows.value()) {
        m_gseq = row.gseq;
        if (row.rollout.empty()) continue;
        auto decided = engine::fromStored(row.event);
        if (!decided) qFatal("event %lld cannot be read", static_cast<long long>(row.gseq));
        m_facts.push_back({.gseq = row.gseq,
                           .epoch = row.epoch,
                           .rollout = row.rollout,
                           .name = row.event.type,
                           .at = decided.value().at,
                           .inboxId = decided.value().inboxId,
                           .event = decided.value().event,
                           .actor = decided.value().actor});
    }
    if (m_approving) approve();
}

void ReleaseUnderTest::explain()
{
    constexpr size_t kFacts = 40;
    look();
    for (size_t i = m_facts.size() > kFacts ? m_facts.size() - kFacts : 0; i < m_facts.size(); ++i) {
        const Fact& fact = m_facts[i];
        std::fprintf(stderr, "  %lld epoch %lld %s %s: %s\n", static_cast<long long>(fact.gseq),
                     static_cast<long long>(fact.epoch), wallText(fact.at).c_str(), fact.name.c_str(),
                     rollout::eventText(fact.event).c_str());
    }
    std::ifstream prometheus(m_lab.layout().logs() / "prometheus.log");
    const std::string scraped{std::istreambuf_iterator<char>(prometheus), {}};
    std::fprintf(stderr, "  lab: %s\n  prometheus: %s\n", m_lab.said().right(2000).constData(),
                 scraped.substr(scraped.size() > 3000 ? scraped.size() - 3000 : 0).c_str());
    const CommandResult why = ctl({QStringLiteral("why")});
    std::fprintf(stderr, "  engine: %s\n  why: %s%s\n", m_engine->said().right(3000).constData(), qPrintable(why.out),
                 qPrintable(why.err));
}

bool ReleaseUnderTest::lookUntil(const std::function<bool()>& done, int atMostMs)
{
    return QTest::qWaitFor(
        [&] {
            look();
            return done();
        },
        atMostMs);
}

std::vector<const Fact*> ReleaseUnderTest::named(const RolloutId& id, const std::string& name, int stage) const
{
    std::vector<const Fact*> found;
    for (const Fact& fact : m_facts)
        if (fact.rollout == id && fact.name == name && (stage < 0 || stageOf(fact.event) == stage))
            found.push_back(&fact);
    return found;
}

void ReleaseUnderTest::approve()
{
    if (m_approver) {
        if (m_approver->state() != QProcess::NotRunning) return;
        m_accepted += m_approver->exitCode() == 0 ? 1 : 0;
        m_approver.reset();
        return;
    }
    bool wanted = false;
    for (const Fact& fact : m_facts) {
        if (fact.name == "approval_requested") wanted = true;
        const bool over = fact.name == "approval_given" || fact.name == "approval_voided" ||
                          fact.name == "rollback_started" || fact.name == "rollout_cancelled";
        if (over) wanted = false;
    }
    if (!wanted) return;
    m_approver = std::make_unique<QProcess>();
    m_approver->start(controlProgram(),
                      QStringList{QStringLiteral("approve"), QStringLiteral("--yes"), QStringLiteral("--comment"),
                                  QStringLiteral("looks fine"), QStringLiteral("--as"), QStringLiteral("you")} +
                          where());
}

std::vector<int> ReleaseUnderTest::splits() const
{
    std::vector<int> all;
    for (int number = 1; std::filesystem::exists(m_lab.layout().proxyFolder(number)); ++number) {
        const auto split =
            readSplit(m_lab.layout().runtimeSocket(number), m_lab.layout().proxyFolder(number), kService, 1s);
        all.push_back(split ? split.value() : -1);
    }
    return all;
}

bool ReleaseUnderTest::setSplitByHand(int proxy, int share) const
{
    if (m_facts.empty()) return false;
    const auto map = m_lab.layout().proxyFolder(proxy) / "split.map";
    const std::string command = "set map " + map.string() + " " + kService + "@" +
                                std::to_string(m_facts.back().epoch) + " " + std::to_string(share);
    const auto answer = askSocket(m_lab.layout().runtimeSocket(proxy), command, 1s);
    return answer.ok() && splits()[static_cast<size_t>(proxy) - 1] == share;
}

bool ReleaseUnderTest::everyProxyIsSafe() const
{
    for (const int split : splits())
        if (split != 0) return false;
    for (int number = 1; std::filesystem::exists(m_lab.layout().proxyFolder(number)); ++number) {
        const auto state = askSocket(m_lab.layout().runtimeSocket(number), "show servers state canary", 1s);
        if (!state) return false;
        std::istringstream lines(state.value());
        int servers = 0;
        for (std::string line; std::getline(lines, line);) {
            std::istringstream words(line);
            std::string word;
            std::vector<std::string> fields;
            while (words >> word)
                fields.push_back(word);
            if (fields.size() < 7 || fields[1] != "canary") continue;
            ++servers;
            if ((std::stoi(fields[6]) & 1) == 0) return false; // srv_admin_state: forced maintenance
        }
        if (servers == 0) return false;
    }
    return true;
}

int64_t ReleaseUnderTest::canaryRequests() const
{
    const auto stats = m_lab.ask({{"do", "stats"}});
    return stats["ok"].get<bool>() ? stats["tracks"]["canary"]["requests"].get<int64_t>() : -1;
}

bool ReleaseUnderTest::journalIsIntact(QString& why) const
{
    const auto verdict = ctl({QStringLiteral("audit"), QStringLiteral("verify")});
    why = verdict.out + verdict.err;
    return verdict.code == 0 && why.contains(QStringLiteral("chain intact"));
}

} // namespace sluice::app::lab
