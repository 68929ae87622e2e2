// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <csignal>

#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>

namespace sluice::test {

/// A server program of Debian's on a free loopback port, in a folder of its own; ended with the object. PostgreSQL does
/// not run as root, so as root it gets the user that Debian's package made for it.
class RealServer {
public:
    virtual ~RealServer() { stop(); }

    QString port() const { return QString::number(m_port); }
    QString address() const { return QStringLiteral("127.0.0.1:") + port(); }

protected:
    RealServer()
    {
        QTcpServer free;
        free.listen(QHostAddress::LocalHost);
        m_port = free.serverPort();
    }

    void stop()
    {
        if (m_process.state() == QProcess::NotRunning) return;
        m_process.terminate();
        if (!m_process.waitForFinished(10'000)) m_process.kill();
        m_process.waitForFinished(10'000);
    }

    bool serve(const QString& program, const QStringList& arguments)
    {
        prepare(m_process);
        m_process.start(program, arguments);
        const QDeadlineTimer limit(20'000);
        while (!limit.hasExpired() && m_process.state() != QProcess::NotRunning) {
            QTcpSocket socket;
            socket.connectToHost(QHostAddress::LocalHost, m_port);
            if (socket.waitForConnected(1000)) return true;
            m_process.waitForReadyRead(20);
        }
        qWarning("%s: %s", qPrintable(program), m_process.readAll().constData());
        return false;
    }

    /// One program that ends; false with its words when it ends badly.
    bool run(const QString& program, const QStringList& arguments)
    {
        QProcess process;
        prepare(process);
        process.start(program, arguments);
        const bool good = process.waitForFinished(60'000) && process.exitCode() == 0;
        if (!good) qWarning("%s: %s", qPrintable(program), process.readAll().constData());
        return good;
    }

    void runAs(const char* user)
    {
        if (geteuid() != 0) return;
        m_user = getpwnam(user);
        if (m_user != nullptr && chown(qPrintable(m_folder.path()), m_user->pw_uid, m_user->pw_gid) != 0)
            qWarning("the folder of the server could not be given away");
    }

    QTemporaryDir m_folder{};

private:
    void prepare(QProcess& process)
    {
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.setWorkingDirectory(m_folder.path());
        process.setChildProcessModifier([user = m_user] {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            if (user != nullptr && (setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0)) _exit(126);
        });
    }

    quint16 m_port{0};
    const passwd* m_user{nullptr};
    QProcess m_process{};
};

class RealRedis final : public RealServer {
public:
    static constexpr const char* kProgram = "/usr/bin/redis-server";
    static constexpr const char* kPassword = "redis-word";

    bool start(bool password)
    {
        QStringList arguments{QStringLiteral("--port"), port(),   QStringLiteral("--bind"), QStringLiteral("127.0.0.1"),
                              QStringLiteral("--save"), QString()};
        if (password) arguments << QStringLiteral("--requirepass") << QLatin1String(kPassword);
        return serve(QLatin1String(kProgram), arguments);
    }
};

class RealPostgres final : public RealServer {
public:
    static constexpr const char* kPassword = "postgres-word";

    /// The folder of its programs, empty where there is none.
    static QString programs()
    {
        const QDir all(QStringLiteral("/usr/lib/postgresql"));
        const QStringList versions = all.entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name);
        const QString bin = versions.isEmpty() ? QString() : all.filePath(versions.last() + QStringLiteral("/bin/"));
        return QFile::exists(bin + QStringLiteral("initdb")) ? bin : QString();
    }

    bool start()
    {
        runAs("postgres");
        const QString data = m_folder.filePath(QStringLiteral("data"));
        const QString word = m_folder.filePath(QStringLiteral("word"));
        QFile file(word);
        if (!file.open(QIODevice::WriteOnly) || file.write(kPassword) < 0) return false;
        file.close();
        file.setPermissions(QFile::ReadOwner | QFile::ReadGroup | QFile::ReadOther);
        if (!run(programs() + QStringLiteral("initdb"),
                 {QStringLiteral("-D"), data, QStringLiteral("-U"), QStringLiteral("smoke"), QStringLiteral("-A"),
                  QStringLiteral("scram-sha-256"), QStringLiteral("--pwfile=") + word, QStringLiteral("--no-sync")}))
            return false;
        const bool taken =
            serve(programs() + QStringLiteral("postgres"),
                  {QStringLiteral("-D"), data, QStringLiteral("-p"), port(), QStringLiteral("-h"),
                   QStringLiteral("127.0.0.1"), QStringLiteral("-k"), m_folder.path(), QStringLiteral("-F")});
        // It takes connections before it takes queries.
        const QDeadlineTimer limit(20'000);
        bool ready = false;
        while (taken && !ready && !limit.hasExpired())
            ready = QProcess::execute(programs() + QStringLiteral("pg_isready"),
                                      {QStringLiteral("-q"), QStringLiteral("-h"), QStringLiteral("127.0.0.1"),
                                       QStringLiteral("-p"), port()}) == 0;
        return ready;
    }
};

} // namespace sluice::test
