// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/driven_release.h"

#include <algorithm>
#include <array>
#include <optional>

#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <fcntl.h>
#include <pty.h>
#include <unistd.h>

#include "app/composition/composition_root.h"
#include "core/adapters/system_clock.h"

namespace sluice::testing {

namespace {

constexpr Duration kBefore = std::chrono::minutes(4); // simulated time before the real one, to get anywhere at once
constexpr Duration kLongest = std::chrono::minutes(2);
constexpr Duration kPictureEvery = std::chrono::seconds(2); // the engine stores one each second
constexpr Duration kLongStep = std::chrono::seconds(30);
constexpr int kProgramMs = 20'000;
constexpr int kLookMs = 10;

const char* const kConnections = R"(
store: journal.db
people:
  - {id: release-bot, name: Release bot, roles: [release-manager]}
  - {id: you, name: You, roles: [release-manager, engineering-lead]}
  - {id: ana, name: Ana, roles: [release-manager]}
  - {id: guest, name: Guest, roles: [reader]}
routers:%1
sources:
  sim: {prometheus: 'http://127.0.0.1:1'}
deployers:
  sim: {command: [/bin/true]}
targets:
  checkout/production:
    routers: [%2]
    metrics: sim
    deployer: sim
    playbook: lab-canary
    stable_version: v2.3.0
    lab: true
)";

/// A terminal of its own for one program, when somebody types.
class Terminal {
public:
    Terminal()
    {
        m_good = openpty(&m_ours, &m_theirs, nullptr, nullptr, nullptr) == 0 && fcntl(m_ours, F_SETFL, O_NONBLOCK) == 0;
    }
    bool good() const { return m_good; }
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;
    ~Terminal()
    {
        closeTheirs();
        if (m_good) close(m_ours);
    }
    void giveTo(QProcess& process) const
    {
        process.setChildProcessModifier([fd = m_theirs] {
            dup2(fd, STDIN_FILENO);
            dup2(fd, STDOUT_FILENO);
        });
    }
    bool type(const char* text) const
    {
        const auto length = static_cast<ssize_t>(qstrlen(text));
        return write(m_ours, text, static_cast<size_t>(length)) == length;
    }
    void closeTheirs()
    {
        if (m_theirs >= 0) close(m_theirs);
        m_theirs = -1;
    }
    /// What was printed since; a terminal holds only a few kilobytes.
    QString read() const
    {
        QString all;
        std::array<char, 4096> buffer{};
        for (ssize_t got = 0; (got = ::read(m_ours, buffer.data(), buffer.size())) > 0;)
            all += QString::fromUtf8(buffer.data(), static_cast<int>(got));
        return all;
    }

private:
    int m_ours{-1};
    int m_theirs{-1};
    bool m_good{false};
};

} // namespace

QStringList words(const char* line)
{
    return QString::fromLatin1(line).split(QLatin1Char(' '), Qt::SkipEmptyParts);
}

bool says(const Said& said, const char* text)
{
    const bool found = (said.out + said.err).contains(QLatin1String(text));
    if (!found) qWarning("exit %d\n%s%s", said.code, qPrintable(said.out), qPrintable(said.err));
    return found;
}

bool DrivenRelease::begin(int proxies)
{
    QString routers;
    QStringList names;
    for (int i = 1; i <= proxies; ++i) {
        names << QStringLiteral("edge-%1").arg(i);
        routers += QStringLiteral("\n  %1: {haproxy: 'unix:%1.sock', service: checkout}").arg(names.last());
    }
    const QString text = QString::fromLatin1(kConnections).arg(routers, names.join(QStringLiteral(", ")));
    QFile connections(file("connections.yaml"));
    if (!connections.open(QIODevice::WriteOnly) || connections.write(text.toUtf8()) <= 0) return false;
    connections.close();
    const auto read = app::loadConnections(connections.fileName().toStdString());
    if (!read.ok()) return false;
    m_fleet = std::make_unique<app::SimulatedFleet>(3, adapters::SystemClock().now().wall - kBefore, read.value());
    m_service = &m_fleet->addService(TargetId("checkout/production"), 4);
    auto journal = journal::SqliteJournal::open(file("journal.db").toStdString(), m_fleet->world().clock(),
                                                journal::OpenMode::Create);
    auto samples = journal::SqliteSampleStore::open(file("samples.db").toStdString(), m_fleet->world().clock(),
                                                    journal::OpenMode::Create);
    if (!journal.ok() || !samples.ok()) return false;
    m_journal = std::move(journal).value();
    m_samples = std::move(samples).value();
    const auto engine = m_fleet->startEngine("first", *m_journal, m_samples.get());
    if (!engine.ok()) return false;
    m_engine = engine.value();
    return until([this] { return m_engine->core.latest()->engine.role == engine::EngineStatus::Role::Driver; });
}

bool DrivenRelease::until(const std::function<bool()>& done)
{
    for (Duration gone{0}; gone < kLongest; gone += engine::kTick) {
        if (done()) return true;
        m_fleet->step(engine::kTick);
    }
    return done();
}

bool DrivenRelease::canType()
{
    return Terminal().good();
}

Said DrivenRelease::sluicectl(const QStringList& arguments, const char* typed)
{
    QProcess process;
    QProcessEnvironment with = QProcessEnvironment::systemEnvironment();
    with.insert(QStringLiteral("SLUICE_CONNECTIONS"), file("connections.yaml"));
    process.setProcessEnvironment(with);
    process.setWorkingDirectory(m_folder.path());
    Terminal terminal;
    if (typed != nullptr) {
        terminal.giveTo(process);
        if (!terminal.type(typed)) return {};
    }
    QElapsedTimer stepped; // starting a program takes long for a large one, and the engine is not to hang meanwhile
    stepped.start();
    stepOverLag();
    process.start(QStringLiteral(SLUICE_BIN_DIR "/sluicectl"), arguments);
    QElapsedTimer running;
    running.start();
    QString shown;
    while (!process.waitForFinished(kLookMs) && running.elapsed() < kProgramMs) {
        if (!m_hangs) m_fleet->step(std::chrono::milliseconds(stepped.restart()));
        shown += terminal.read();
    }
    if (process.state() != QProcess::NotRunning) {
        process.kill();
        process.waitForFinished();
        return {};
    }
    Said said{process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()),
              QString::fromUtf8(process.readAllStandardError())};
    if (typed != nullptr) said.out = shown + terminal.read();
    return said;
}

bool DrivenRelease::ask(rollout::Command command, const char* person)
{
    const Person* who = m_fleet->connections().person(PersonId(person));
    auto answer = std::make_shared<std::optional<bool>>();
    m_engine->core.submit(std::move(command), {PersonId(person), who->roles, "os"},
                          [answer](const Result<std::string>& result) { *answer = result.ok(); });
    return until([answer] { return answer->has_value(); }) && **answer;
}

bool DrivenRelease::startUntilApprovalIsAsked()
{
    const TargetId target("checkout/production");
    if (!ask(rollout::StartRollout{.target = target, .toVersion = "v2.4.0"}, "release-bot")) return false;
    for (const char* item : {"rollback-known", "charts-open"})
        if (!ask(rollout::TickItem{.rollout = view()->state.id, .item = item}, "you")) return false;
    return until([this] { return view() != nullptr && view()->state.approval.has_value(); });
}

void DrivenRelease::pass(Duration time)
{
    for (Duration gone{0}; gone < time; gone += kLongStep)
        m_fleet->step(kLongStep);
}

/// What passed between two programs, once the simulated time is the real one.
void DrivenRelease::stepOverLag()
{
    const WallTime real = adapters::SystemClock().now().wall;
    while (m_caughtUp && !m_hangs && m_fleet->world().clock().now().wall < real)
        m_fleet->step(engine::kTick);
}

void DrivenRelease::catchUp()
{
    m_caughtUp = true;
    const WallTime real = adapters::SystemClock().now().wall;
    const WallTime stored = m_fleet->world().clock().now().wall + kPictureEvery;
    while (m_fleet->world().clock().now().wall < std::max(real, stored))
        m_fleet->step(engine::kTick);
}

bool DrivenRelease::untilPhase(rollout::Phase phase)
{
    return until([&] { return view() != nullptr && view()->state.phase == phase; });
}

const engine::RolloutView* DrivenRelease::view() const
{
    // Only one release is started in such a folder.
    const auto& rollouts = m_engine->core.latest()->rollouts;
    return rollouts.empty() ? nullptr : rollouts.front().get();
}

} // namespace sluice::testing
