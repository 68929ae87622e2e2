// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/adapters/real_haproxy.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>

#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTcpServer>

namespace sluice::test {

namespace {

constexpr const char* kProgram = "/usr/sbin/haproxy";

constexpr const char* kGlobal = R"(global
  stats socket DIR/admin.sock level LEVEL
  stats socket ipv4@127.0.0.1:PORT level LEVEL
  stats timeout 5m
  stats maxconn 100
defaults
  mode http
  timeout connect 2s
  timeout client 30s
  timeout server 30s
  timeout check 1s
frontend fe
  bind unix@DIR/fe.sock
)";

constexpr const char* kMapRules = R"(  http-request set-var(txn.who) req.hdr(X-User-Id)
  http-request set-var(txn.bucket) str(checkout:),concat(,txn.who),xxh32(0),mod(10000)
  http-request set-var(txn.tok) str(checkout),map_str(DIR/epoch.map,none)
  http-request set-var(txn.limit) var(txn.tok),map_str_int(DIR/split.map,0)
  http-request set-var(txn.over) var(txn.bucket),sub(txn.limit)
  acl canary_up    nbsrv(canary) gt 0
  acl canary_share var(txn.over) -m int lt 0
  use_backend canary if canary_up canary_share
  default_backend stable
)";

constexpr const char* kMapBackends = R"(backend stable
  http-request return status 200 content-type text/plain string stable
  server s1 127.0.0.1:9
backend canary
  http-request return status 200 content-type text/plain string canary
  server c1 127.0.0.1:9 disabled
  server c2 127.0.0.1:9 disabled
)";

constexpr const char* kMapReplicas = R"(backend stable
  server s1 unix@DIR/stable.sock check inter 200ms
backend canary
  default-server check inter 200ms fall 2 rise 1 disabled
  server c1 unix@DIR/canary.sock
  server c2 unix@DIR/nobody.sock
)";

constexpr const char* kWeightRules = R"(  default_backend checkout
)";

constexpr const char* kWeightBackends = R"(backend checkout
  balance roundrobin
  server stable1 127.0.0.1:9 weight 100
  server canary1 127.0.0.1:9 weight 0 disabled
  server canary2 127.0.0.1:9 weight 0 disabled
)";

constexpr const char* kWeightReplicas = R"(backend checkout
  balance roundrobin
  default-server check inter 200ms fall 2 rise 1
  server stable1 unix@DIR/stable.sock weight 100
  server canary1 unix@DIR/canary.sock weight 0 disabled
  server canary2 unix@DIR/nobody.sock weight 0 disabled
)";

constexpr const char* kReplicas = R"(frontend stable_replica
  bind unix@DIR/stable.sock
  http-request return status 200 content-type text/plain string stable
frontend canary_replica
  bind unix@DIR/canary.sock
  http-request return status 200 content-type text/plain string canary
)";

QByteArray rules(const RealHaproxy::Setup& setup)
{
    QByteArray text = setup.weights ? kWeightRules : kMapRules;
    if (!setup.replicas) return text + (setup.weights ? kWeightBackends : kMapBackends);
    return text + (setup.weights ? kWeightReplicas : kMapReplicas) + kReplicas;
}

void write(const std::string& path, const QByteArray& text)
{
    QFile file(QString::fromStdString(path));
    if (file.open(QIODevice::WriteOnly)) file.write(text);
}

/// All threads of a process, by the kernel's word.
bool hasStopped(int64_t pid)
{
    const QDir tasks(QStringLiteral("/proc/%1/task").arg(pid));
    const QStringList threads = tasks.entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    return !threads.isEmpty() && std::ranges::all_of(threads, [&](const QString& thread) {
        QFile stat(tasks.filePath(thread + QStringLiteral("/stat")));
        if (!stat.open(QIODevice::ReadOnly)) return false;
        const QByteArray line = stat.readAll();
        return line.mid(line.lastIndexOf(')') + 2, 1) == "T"; // the name before it may hold anything
    });
}

} // namespace

bool RealHaproxy::installed()
{
    return QFileInfo::exists(QString::fromLatin1(kProgram));
}

RealHaproxy::RealHaproxy()
    : RealHaproxy(Setup{})
{
}

RealHaproxy::RealHaproxy(const Setup& setup)
    : m_weights(setup.weights)
{
    QByteArray text = QByteArray(kGlobal) + rules(setup);
    text.replace("DIR", m_folder.path().toUtf8());
    text.replace("LEVEL", setup.level);
    QTcpServer free; // a port that is free now
    free.listen(QHostAddress::LocalHost);
    m_port = free.serverPort();
    text.replace("PORT", QByteArray::number(m_port));
    write(path("haproxy.cfg"), text);
    write(path("epoch.map"), "checkout none\n");
    write(path("split.map"), "none 0\n");
}

RealHaproxy::~RealHaproxy()
{
    if (m_process.state() == QProcess::NotRunning) return;
    thaw();
    m_process.terminate();
    if (!m_process.waitForFinished(5000)) m_process.kill();
    m_process.waitForFinished(5000);
}

bool RealHaproxy::start()
{
    m_process.setChildProcessModifier([] { prctl(PR_SET_PDEATHSIG, SIGKILL); });
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.start(QString::fromLatin1(kProgram),
                    {QStringLiteral("-W"), QStringLiteral("-S"), QString::fromStdString(path("master.sock")),
                     QStringLiteral("-f"), QString::fromStdString(path("haproxy.cfg"))});
    const QDeadlineTimer deadline(10'000);
    // The worker serves a moment before the master listens.
    const auto serving = [this] { return workerPid() != 0 && !command("show version", "master.sock").empty(); };
    while (!deadline.hasExpired() && !serving())
        m_process.waitForReadyRead(20);
    return serving();
}

bool RealHaproxy::reload()
{
    const int64_t before = workerPid();
    command("reload", "master.sock");
    const QDeadlineTimer deadline(10'000);
    while (!deadline.hasExpired() && (workerPid() == before || workerPid() == 0))
        m_process.waitForReadyRead(20);
    return workerPid() != before;
}

void RealHaproxy::freeze()
{
    m_frozenPid = workerPid();
    if (m_frozenPid <= 0) return; // 0 would be our own group
    ::kill(static_cast<pid_t>(m_frozenPid), SIGSTOP);
    // Its threads stop one after another; until then it may answer.
    const QDeadlineTimer deadline(10'000);
    while (!deadline.hasExpired() && !hasStopped(m_frozenPid))
        m_process.waitForReadyRead(20);
}

void RealHaproxy::thaw()
{
    if (m_frozenPid != 0) ::kill(static_cast<pid_t>(m_frozenPid), SIGCONT);
    m_frozenPid = 0;
}

std::string RealHaproxy::path(const char* file) const
{
    return m_folder.filePath(QString::fromLatin1(file)).toStdString();
}

adapters::RouterBinding RealHaproxy::binding(const char* name, const char* target) const
{
    adapters::RouterBinding out{.target = TargetId(target), .name = name};
    out.config.address = address();
    out.config.service = "checkout";
    out.config.split = m_weights ? RouterConfig::Split::Weights : RouterConfig::Split::Map;
    return out;
}

std::string RealHaproxy::exchange(const std::string& bytes, const char* socketName) const
{
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path(socketName).copy(address.sun_path, sizeof(address.sun_path) - 1);
    std::string out;
    if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
        ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size())) {
        ::shutdown(fd, SHUT_WR); // the master's socket stays open without it
        std::array<char, 65536> buffer{};
        pollfd readable{.fd = fd, .events = POLLIN, .revents = 0};
        while (::poll(&readable, 1, 2000) == 1) {
            const ssize_t got = ::recv(fd, buffer.data(), buffer.size(), 0);
            if (got <= 0) break;
            out.append(buffer.data(), static_cast<size_t>(got));
        }
    }
    ::close(fd);
    return out;
}

std::string RealHaproxy::command(const std::string& line, const char* socket) const
{
    return exchange(line + "\n", socket);
}

std::string RealHaproxy::request(const std::string& user) const
{
    const std::string answer =
        exchange("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-User-Id: " + user + "\r\n\r\n", "fe.sock");
    const size_t body = answer.find("\r\n\r\n");
    return body == std::string::npos ? answer.substr(0, answer.find("\r\n")) : answer.substr(body + 4);
}

int64_t RealHaproxy::workerPid() const
{
    const auto info = adapters::parseShowInfo(command("show info"));
    return info && !info.value().stopping ? info.value().pid : 0;
}

} // namespace sluice::test
