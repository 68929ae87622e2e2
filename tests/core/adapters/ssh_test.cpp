// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdio>
#include <memory>

#include <QDir>
#include <QFile>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include "core/adapters/emergency.h"
#include "core/adapters/haproxy_router.h"
#include "core/adapters/system_clock.h"
#include "tests/core/adapters/fact_box.h"
#include "tests/core/adapters/real_haproxy.h"

using namespace sluice;
using namespace sluice::adapters;
using State = rollout::ProxyFact::State;

namespace {

const TargetId kTarget("checkout/production");

/// Debian's sshd on a free loopback port with keys of its own; `edge2` names it.
class RealSshd {
public:
    static bool installed() { return QFile::exists(QStringLiteral("/usr/sbin/sshd")); }

    bool prepare()
    {
        QTcpServer free;
        if (!free.listen(QHostAddress::LocalHost)) return false;
        m_port = free.serverPort();
        QDir().mkpath(QStringLiteral("/run/sshd")); // sshd insists when root runs it
        for (const char* key : {"host", "user"}) {
            const QStringList arguments = {QStringLiteral("-q"),
                                           QStringLiteral("-t"),
                                           QStringLiteral("ed25519"),
                                           QStringLiteral("-N"),
                                           QString(),
                                           QStringLiteral("-f"),
                                           file(key)};
            if (QProcess::execute(QStringLiteral("ssh-keygen"), arguments) != 0) return false;
        }
        const QString server = QStringLiteral("ListenAddress 127.0.0.1:%1\nHostKey %2\nAuthorizedKeysFile %3\n"
                                              "PidFile none\nStrictModes no\nUsePAM no\nPasswordAuthentication no\n")
                                   .arg(m_port)
                                   .arg(file("host"), file("user.pub"));
        const QString client = QStringLiteral("Host edge2\n HostName 127.0.0.1\n Port %1\n IdentityFile %2\n"
                                              " IdentitiesOnly yes\n UserKnownHostsFile /dev/null\n"
                                              " StrictHostKeyChecking no\n LogLevel ERROR\n")
                                   .arg(m_port)
                                   .arg(file("user"));
        return write("sshd_config", server) && write("ssh_config", client);
    }
    bool start()
    {
        if (m_process) return true;
        m_process = std::make_unique<QProcess>();
        m_process->start(QStringLiteral("/usr/sbin/sshd"),
                         {QStringLiteral("-D"), QStringLiteral("-e"), QStringLiteral("-f"), file("sshd_config")});
        return m_process->waitForStarted() && QTest::qWaitFor(
                                                  [this] {
                                                      QTcpSocket probe;
                                                      probe.connectToHost(QHostAddress::LocalHost, m_port);
                                                      return probe.waitForConnected(200);
                                                  },
                                                  10'000);
    }
    ~RealSshd()
    {
        if (!m_process) return;
        m_process->terminate();
        m_process->waitForFinished();
    }
    QString file(const char* name) const { return m_folder.filePath(QLatin1String(name)); }

private:
    bool write(const char* name, const QString& text) const
    {
        QFile out(file(name));
        return out.open(QIODevice::WriteOnly) && out.write(text.toUtf8()) > 0;
    }

    QTemporaryDir m_folder{};
    quint16 m_port{0};
    std::unique_ptr<QProcess> m_process{};
};

RouterBinding overSsh(const test::RealHaproxy& proxy, const std::string& host)
{
    RouterBinding binding = proxy.binding("edge-2");
    binding.config.address = "ssh:" + host + ":" + proxy.path("admin.sock");
    return binding;
}

ports::RouteOrder raise(uint64_t generation)
{
    return {.target = kTarget,
            .epoch = 7,
            .generation = generation,
            .safe = false,
            .weight = *Weight::parse(1000),
            .admit = true};
}

} // namespace

/// Proxies on another machine, reached as people reach them: OpenSSH against a local sshd.
class SshTest : public QObject {
    Q_OBJECT

    SystemClock m_clock{};
    std::unique_ptr<RealSshd> m_sshd{};

private slots:
    void initTestCase()
    {
        const char* missing = !test::RealHaproxy::installed() ? "SKIPPED: /usr/sbin/haproxy is not installed"
                              : !RealSshd::installed() ? "SKIPPED: /usr/sbin/sshd is not installed (openssh-server)"
                                                       : nullptr;
        if (missing != nullptr) {
            std::puts(missing);
            QSKIP(missing);
        }
        m_sshd = std::make_unique<RealSshd>();
        QVERIFY(m_sshd->prepare());
        qputenv("SLUICE_SSH_CONFIG", m_sshd->file("ssh_config").toUtf8());
    }

    void aProxyBehindSshIsWrittenAndReadBack()
    {
        test::RealHaproxy proxy;
        QVERIFY(proxy.start() && m_sshd->start());
        test::MessageBox box;
        HaproxyRouter router({overSsh(proxy, "edge2")}, box.sink(), m_clock);
        router.order(raise(1));
        QVERIFY(box.waitVerified("edge-2", 1));
        QVERIFY(proxy.command("show map " + proxy.path("split.map")).find("checkout@7 1000") != std::string::npos);
    }

    void anEmergencyGoesThroughSshToo()
    {
        test::RealHaproxy proxy;
        QVERIFY(proxy.start() && m_sshd->start());
        std::string safeFile;
        {
            test::MessageBox box;
            HaproxyRouter router({overSsh(proxy, "edge2")}, box.sink(), m_clock);
            router.order(raise(1));
            QVERIFY(box.waitVerified("edge-2", 1));
            safeFile = router.safeFile(kTarget, 7);
        }
        const auto report = sendSafeState(safeFile, std::chrono::seconds(10));
        QVERIFY(report.ok());
        QVERIFY(report.value().allVerified());
        QVERIFY(proxy.command("show map " + proxy.path("split.map")).find("checkout@8 0") != std::string::npos);
    }

    void aLostPathIsToldAndFoundAgain()
    {
        test::RealHaproxy proxy;
        QVERIFY(proxy.start());
        test::MessageBox box;
        HaproxyRouter router({overSsh(proxy, "edge2")}, box.sink(), m_clock);
        m_sshd = std::make_unique<RealSshd>(); // nobody listens where the file says
        router.order(raise(1));
        QVERIFY(box.waitForFact("edge-2", [](const rollout::ProxyFact& fact) {
            return fact.state == State::Unreachable && fact.detail.find("ssh edge2: ") != std::string::npos;
        }));
        QVERIFY(m_sshd->prepare());
        qputenv("SLUICE_SSH_CONFIG", m_sshd->file("ssh_config").toUtf8());
        QVERIFY(m_sshd->start());
        QVERIFY(box.waitVerified("edge-2", 1));
    }

    void anUnknownHostIsNamedWithTheWordsOfSsh()
    {
        test::RealHaproxy proxy;
        QVERIFY(proxy.start());
        test::MessageBox box;
        HaproxyRouter router({overSsh(proxy, "nobody.invalid")}, box.sink(), m_clock);
        router.order(raise(1));
        QVERIFY(box.waitForFact("edge-2", [](const rollout::ProxyFact& fact) {
            return fact.state == State::Unreachable && fact.detail.find("nobody.invalid") != std::string::npos;
        }));
    }
};

QTEST_GUILESS_MAIN(SshTest)
#include "ssh_test.moc"
