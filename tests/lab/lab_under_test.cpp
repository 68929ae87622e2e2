// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/lab/lab_under_test.h"

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <QTest>

#include "app/sluice-lab/control.h"
#include "app/sluice-lab/http_swarm.h"
#include "app/sluice-lab/load.h"
#include "app/sluice-lab/runtime_socket.h"
#include "app/sluice-lab/service.h"

using namespace std::chrono_literals;

namespace sluice::app::lab {

namespace {

constexpr int kStartPatienceMs = 60'000;
constexpr int kEndPatienceMs = 10'000;
constexpr int kDeployPatienceMs = 30'000;

QString labProgram()
{
    return QStringLiteral(SLUICE_BIN_DIR "/sluice-lab");
}

/// "state ppid" of /proc/PID/stat; false when there is no such process.
bool readStat(pid_t pid, char& state, pid_t& parent)
{
    std::ifstream in("/proc/" + std::to_string(pid) + "/stat");
    std::string text;
    if (!std::getline(in, text)) return false;
    std::istringstream words(text.substr(text.rfind(')') + 1));
    return static_cast<bool>(words >> state >> parent);
}

} // namespace

CommandResult runLabCommand(const QStringList& arguments, const QProcessEnvironment& environment)
{
    QProcess process;
    if (!environment.isEmpty()) process.setProcessEnvironment(environment);
    process.start(labProgram(), arguments);
    if (!process.waitForFinished(kStartPatienceMs)) return {};
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
            QString::fromUtf8(process.readAllStandardOutput()), QString::fromUtf8(process.readAllStandardError())};
}

LabUnderTest::~LabUnderTest()
{
    if (m_process.state() == QProcess::NotRunning) return;
    m_process.terminate();
    if (!m_process.waitForFinished(kEndPatienceMs)) m_process.kill();
    m_process.waitForFinished(kEndPatienceMs);
}

bool LabUnderTest::start(const QStringList& options, const QString& line)
{
    QStringList arguments{QStringLiteral("up"), QStringLiteral("--dir"), m_dir.path()};
    const QMap<QString, QString> small{{QStringLiteral("--replicas"), QStringLiteral("2")},
                                       {QStringLiteral("--rps"), QStringLiteral("40")},
                                       {QStringLiteral("--users"), QStringLiteral("500")},
                                       {QStringLiteral("--for"), QStringLiteral("5m")}};
    for (auto it = small.begin(); it != small.end(); ++it) {
        if (!options.contains(it.key())) arguments << it.key() << it.value();
    }
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.start(labProgram(), arguments + options);
    const QByteArray wanted = line.toUtf8();
    return QTest::qWaitFor([&] { return said().contains(wanted) || m_process.state() == QProcess::NotRunning; },
                           kStartPatienceMs) &&
           m_said.contains(wanted);
}

QByteArray LabUnderTest::said()
{
    m_said += m_process.readAll();
    return m_said;
}

nlohmann::json LabUnderTest::ask(const nlohmann::json& request) const
{
    const auto answer = askLab(m_dir.path().toStdString(), request);
    return answer ? answer.value() : nlohmann::json{{"ok", false}, {"error", answer.error().detail}};
}

bool LabUnderTest::deploy(const std::string& track, const std::string& version, int instances)
{
    const auto accepted = ask({{"do", "deploy"}, {"track", track}, {"version", version}, {"instances", instances}});
    return accepted["ok"].get<bool>() && QTest::qWaitFor(
                                             [&] {
                                                 const auto now = ask({{"do", "status"}})["tracks"][track];
                                                 return now["ready"] == instances && now["running"] == instances;
                                             },
                                             kDeployPatienceMs);
}

std::vector<int> LabUnderTest::proxyPorts() const
{
    return ask({{"do", "status"}})["proxy_ports"].get<std::vector<int>>();
}

bool LabUnderTest::onEveryProxy(const std::string& command) const
{
    bool done = true;
    for (int number = 1; std::filesystem::exists(layout().runtimeSocket(number)); ++number) {
        const auto answer = askSocket(layout().runtimeSocket(number), command, 2s);
        done = done && answer.ok() && answer.value() == "\n";
    }
    return done;
}

bool LabUnderTest::onEveryMap(const std::string& commandWithFolder) const
{
    bool done = true;
    const size_t at = commandWithFolder.find("{}");
    for (int number = 1; std::filesystem::exists(layout().runtimeSocket(number)); ++number) {
        std::string command = commandWithFolder;
        command.replace(at, 2, layout().proxyFolder(number).string());
        const auto answer = askSocket(layout().runtimeSocket(number), command, 2s);
        done = done && answer.ok() && answer.value() == "\n";
    }
    return done;
}

std::map<std::string, std::string> tracksOf(int port, const std::vector<std::string>& users, const std::string& header)
{
    std::map<std::string, std::string> tracks;
    HttpSwarm swarm(16, 5s);
    size_t next = 0;
    while (tracks.size() < users.size()) {
        for (; next < users.size() && swarm.inFlight() < 16; ++next) {
            HttpSwarm::Ask ask{.url = "http://127.0.0.1:" + std::to_string(port) + "/",
                               .headers = {"X-User-Id: " + users[next], std::string(kProbeHeader) + ": 1"},
                               .tag = next};
            if (!header.empty()) ask.headers.push_back(header);
            if (!swarm.ask(ask)) break;
        }
        for (const auto& answer : swarm.turn(50ms))
            tracks[users[answer.tag]] = answer.track;
    }
    return tracks;
}

std::vector<std::string> manyUsers(int count)
{
    std::vector<std::string> users;
    for (int i = 0; i < count; ++i)
        users.push_back(userName(static_cast<uint64_t>(i)));
    return users;
}

std::vector<pid_t> descendantsOf(pid_t pid)
{
    std::map<pid_t, pid_t> parents;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        const pid_t each = std::atoi(entry.path().filename().c_str());
        char state = 'X';
        pid_t parent = 0;
        if (each > 0 && readStat(each, state, parent)) parents[each] = parent;
    }
    std::vector<pid_t> found;
    for (const auto& [each, parent] : parents) {
        pid_t above = parent;
        while (above > 1 && above != pid)
            above = parents.contains(above) ? parents[above] : 0;
        if (above == pid) found.push_back(each);
    }
    return found;
}

bool lives(pid_t pid)
{
    char state = 'X';
    pid_t parent = 0;
    return readStat(pid, state, parent) && state != 'Z' && state != 'X';
}

} // namespace sluice::app::lab
