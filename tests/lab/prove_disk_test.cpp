// SPDX-License-Identifier: GPL-3.0-or-later
#include <filesystem>

#include <QElapsedTimer>
#include <QTest>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/lab/prove_books.h"
#include "tests/lab/prove_release.h"

namespace sluice::app::lab {

namespace {

constexpr const char* kDiskSize = "size=96m"; ///< the floor under which nothing rises is 64 MiB
constexpr int kStageMs = 60'000;
constexpr int kFullMs = 5'000; ///< the disk stays full so long

/// A small filesystem of its own; unmounted with this object.
class SmallDisk {
public:
    ~SmallDisk()
    {
        if (m_mounted) ::umount2(path().toStdString().c_str(), MNT_DETACH);
    }
    bool mount()
    {
        m_mounted = m_folder.isValid() && ::mount("sluice-prove", path().toStdString().c_str(), "tmpfs",
                                                  MS_NOSUID | MS_NODEV, kDiskSize) == 0;
        return m_mounted;
    }
    QString path() const { return m_folder.path(); }
    /// Not one block is left afterwards.
    bool fill() const
    {
        const int fd = ::open(filler().c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
        if (fd < 0) return false;
        const std::string block(4096, 'x');
        off_t at = static_cast<off_t>(std::filesystem::space(path().toStdString()).available);
        (void)::posix_fallocate(fd, 0, at);
        struct stat info {};
        ::fstat(fd, &info);
        ::lseek(fd, 0, SEEK_END);
        while (::write(fd, block.data(), block.size()) > 0) {
        }
        ::close(fd);
        return std::filesystem::space(path().toStdString()).available == 0;
    }
    bool clear() const { return std::filesystem::remove(filler()); }

private:
    std::string filler() const { return (path() + "/filler").toStdString(); }
    QTemporaryDir m_folder{};
    bool m_mounted{false};
};

} // namespace

class ProveDiskTest : public QObject {
    Q_OBJECT

    SmallDisk m_disk{}; // outlives the engine that writes there
    ReleaseUnderTest m_release{};
    RolloutId m_id{};

private slots:
    void cleanup()
    {
        if (QTest::currentTestFailed()) m_release.explain();
    }

    void initTestCase()
    {
        if (!m_disk.mount())
            QSKIP("SKIPPED: a full disk needs a small filesystem of its own, which only root may mount");
        m_release.setApproving(false);
        QVERIFY2(m_release.start({}, m_disk.path()), m_release.lab().said());
        m_id = m_release.startRelease({QStringLiteral("--set"), QStringLiteral("bake=4s")});
        QVERIFY(!m_id.empty());
        QVERIFY(m_release.lookUntil([&] { return m_release.has(m_id, "bake_credited", 0); }, kStageMs));
    }

    void aFullDiskHoldsTheReleaseWhereItIs()
    {
        QVERIFY(m_disk.fill());
        const size_t facts = m_release.facts().size();
        const std::vector<int> splits = m_release.splits();
        QElapsedTimer timer;
        timer.start();
        QVERIFY(
            m_release.lookUntil([&] { return m_release.splits() != splits || timer.elapsed() >= kFullMs; }, kStageMs));
        QCOMPARE(m_release.splits(), splits);
        QVERIFY2(m_release.facts().size() <= facts + 1, "decisions were stored on a full disk");
        QVERIFY(m_release.engine().runs());
    }

    void whoeverAsksIsToldThatTheDiskIsFull()
    {
        const CommandResult asked =
            m_release.ctl({QStringLiteral("pause"), QStringLiteral("--as"), QStringLiteral("you")});
        QVERIFY2(asked.code == 4, qPrintable(asked.out + asked.err));
        QVERIFY2(asked.err.contains(QStringLiteral("is full; nothing was stored")), qPrintable(asked.err));
        const CommandResult started = m_release.ctl({QStringLiteral("doctor")});
        QVERIFY2(started.code != 0, qPrintable(started.out + started.err));
        QVERIFY2((started.out + started.err).contains(QStringLiteral("free")), qPrintable(started.out + started.err));
    }

    void theReleaseGoesOnWhenThereIsRoom()
    {
        QVERIFY(m_disk.clear());
        QVERIFY(m_release.lookUntil([&] { return m_release.has(m_id, "approval_requested", 1); }, kStageMs));
        nothingWrong(bakeProblems(m_release.facts(), m_id, {}));
    }

    void anEmergencyNeedsNoRoom()
    {
        QVERIFY(m_disk.fill());
        QElapsedTimer timer;
        timer.start();
        const CommandResult fired =
            m_release.ctl({QStringLiteral("emergency-rollback"), QStringLiteral("--reason"),
                           QStringLiteral("the disk is full"), QStringLiteral("--as"), QStringLiteral("colleague")});
        QVERIFY2(fired.code == 0, qPrintable(fired.out + fired.err));
        QVERIFY(m_release.everyProxyIsSafe());
        QVERIFY(timer.elapsed() < 2000);
    }

    void theJournalHoldsTheEmergencyAndWhoFiredIt()
    {
        QVERIFY(m_disk.clear());
        QVERIFY(m_release.lookUntil([&] { return m_release.has(m_id, "rolled_back"); }, kStageMs));
        const Fact* started = m_release.named(m_id, "rollback_started").front();
        QCOMPARE(started->actor.person.value, std::string("colleague"));
        QVERIFY(rollout::eventText(started->event).find("the disk is full") != std::string::npos);
        QString chain;
        QVERIFY2(m_release.journalIsIntact(chain), qPrintable(chain));
        QVERIFY(m_release.everyProxyIsSafe());
        qInfo("PROVED: a full disk held the release, an emergency worked on it; %s", qPrintable(chain.trimmed()));
    }
};

} // namespace sluice::app::lab

QTEST_GUILESS_MAIN(sluice::app::lab::ProveDiskTest)
#include "prove_disk_test.moc"
