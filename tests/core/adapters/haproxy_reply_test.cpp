// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "core/adapters/haproxy_reply.h"

using namespace sluice;
using namespace sluice::adapters;

namespace {

constexpr const char* kServers =
    "1\n# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight "
    "srv_time_since_last_change srv_check_status srv_check_result srv_check_health srv_check_state srv_agent_state "
    "bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl srv_check_port srv_check_addr "
    "srv_agent_addr srv_agent_port\n"
    "4 canary 1 c1 127.0.0.1 %1 %2 7 1 2 1 0 0 8 0 0 0 - 18102 - 0 0 - - 0\n";

} // namespace

/// Texts as Debian's haproxy 2.6.12 gives them.
class HaproxyReplyTest : public QObject {
    Q_OBJECT

private slots:
    void aStreamIsCutAtPromptsOnly_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QList<QByteArray>>("replies");
        QTest::newRow("a setter that succeeded") << QByteArray("\n> ") << QList<QByteArray>{""};
        QTest::newRow("text") << QByteArray("No such server.\n\n> ") << QList<QByteArray>{"No such server."};
        QTest::newRow("several") << QByteArray("\n> a\nb\n\n> \n> ") << QList<QByteArray>{"", "a\nb", ""};
        QTest::newRow("a line of text that looks like a prompt")
            << QByteArray("usage:\n> x\n\n> ") << QList<QByteArray>{"usage:\n> x"};
        QTest::newRow("truncated: no empty line") << QByteArray("Pid: 3\nStop") << QList<QByteArray>{};
        QTest::newRow("truncated: no prompt") << QByteArray("Pid: 3\n\n") << QList<QByteArray>{};
    }
    void aStreamIsCutAtPromptsOnly()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QList<QByteArray>, replies);
        // Whole, and byte by byte: the network cuts anywhere.
        for (const qsizetype step : {bytes.size(), qsizetype(1)}) {
            ReplySplitter splitter;
            QList<QByteArray> got;
            for (qsizetype at = 0; at < bytes.size(); at += step) {
                QVERIFY(splitter.feed(bytes.mid(at, step).toStdString()));
                while (auto reply = splitter.next())
                    got.push_back(QByteArray::fromStdString(*reply));
            }
            QCOMPARE(got, replies);
        }
    }

    void anEndlessReplyIsGivenUp()
    {
        ReplySplitter splitter;
        const std::string chunk(1 << 20, 'x');
        int chunks = 0;
        while (splitter.feed(chunk) && chunks < 100)
            ++chunks;
        QCOMPARE(chunks, 4);
    }

    void aMapEntryIsFoundMissingOrAnError_data()
    {
        QTest::addColumn<QString>("reply");
        QTest::addColumn<QString>("expected"); // "=value", "none" or "error"
        QTest::newRow("text")
            << R"(type=str, case=sensitive, found=yes, idx=tree, key="checkout", value="none", type="str")"
            << "=none";
        QTest::newRow("number")
            << R"(type=str, case=sensitive, found=yes, idx=tree, key="checkout@7", value="1000", type="sint")"
            << "=1000";
        QTest::newRow("missing") << "type=str, case=sensitive, found=no"
                                 << "none";
        QTest::newRow("no such map") << "Unknown map identifier. Please use #<id> or <file>."
                                     << "error";
        QTest::newRow("empty") << ""
                               << "error";
        QTest::newRow("cut off") << R"(type=str, case=sensitive, found=yes, idx=tree, key="checkout", val)"
                                 << "error";
    }
    void aMapEntryIsFoundMissingOrAnError()
    {
        QFETCH(QString, reply);
        QFETCH(QString, expected);
        const auto entry = parseGetMap(reply.toStdString());
        QString got = QStringLiteral("error");
        if (entry) got = entry.value() ? "=" + QString::fromStdString(*entry.value()) : QStringLiteral("none");
        QCOMPARE(got, expected);
    }

    void theWorkerTellsItsPidAndWhetherItStops()
    {
        const auto info = parseShowInfo("Name: HAProxy\nPid: 12572\nUptime: 0d 0h00m01s\nStopping: 1\nnode: vm\n");
        QVERIFY(info.ok());
        QCOMPARE(info.value(), (WorkerInfo{.pid = 12572, .stopping = true}));
        QVERIFY(!parseShowInfo("Name: HAProxy\nPid: 12572\n").ok());
        QVERIFY(!parseShowInfo("Permission denied\n").ok());
    }

    void mapFilesAreListedWithoutPatternsThatHaveNone()
    {
        const auto files = parseShowMap("# id (file) description\n"
                                        "0 (/a/epoch.map) pattern loaded from file '/a/epoch.map' used by map at file "
                                        "'/h.cfg' line 14. curr_ver=0 next_ver=0 entry_cnt=1\n"
                                        "-1 () acl 'x' file '/h.cfg' line 3\n");
        QVERIFY(files.ok());
        QCOMPARE(files.value(), (std::vector<std::string>{"/a/epoch.map"}));
    }

    void aServerIsInMaintenanceByItsAdminBits_data()
    {
        QTest::addColumn<int>("op");
        QTest::addColumn<int>("admin");
        QTest::addColumn<bool>("maint");
        QTest::addColumn<bool>("stopped");
        QTest::newRow("running") << 2 << 0 << false << false;
        QTest::newRow("disabled in the configuration") << 0 << 5 << true << true;
        QTest::newRow("`ready` after that") << 2 << 4 << false << false;
        QTest::newRow("inherited") << 0 << 2 << true << true;
        QTest::newRow("resolution") << 0 << 32 << true << true;
        QTest::newRow("drain still serves sticky clients") << 2 << 8 << false << false;
        QTest::newRow("down by its check") << 0 << 0 << false << true;
    }
    void aServerIsInMaintenanceByItsAdminBits()
    {
        QFETCH(int, op);
        QFETCH(int, admin);
        const QString reply = QString::fromLatin1(kServers).arg(op).arg(admin);
        const auto servers = parseServersState(reply.toStdString());
        QVERIFY(servers.ok());
        QCOMPARE(servers.value().size(), size_t(1));
        QCOMPARE(servers.value()[0].backend, std::string("canary"));
        QCOMPARE(servers.value()[0].name, std::string("c1"));
        QCOMPARE(servers.value()[0].weight, 7);
        QTEST(servers.value()[0].maint, "maint");
        QTEST(servers.value()[0].stopped, "stopped");
    }

    void anUnknownServerStateFormatIsAnError_data()
    {
        QTest::addColumn<QString>("reply");
        QTest::newRow("another version") << QString(QString::fromLatin1(kServers)).replace(0, 1, "2");
        QTest::newRow("no such backend") << "Can't find backend.";
        QTest::newRow("a column is missing") << "1\n# be_id be_name srv_id srv_name\n4 canary 1 c1";
        QTest::newRow("a short row") << QString::fromLatin1(kServers).arg(2).arg(0) + "4 canary 2";
        QTest::newRow("no number") << QString::fromLatin1(kServers).arg("x").arg(0);
    }
    void anUnknownServerStateFormatIsAnError()
    {
        QFETCH(QString, reply);
        QVERIFY(!parseServersState(reply.toStdString()).ok());
    }

    void statColumnsAreFoundByName()
    {
        const auto rows = parseShowStat("# svname,extra,pxname,status,stot,req_tot,\n"
                                        "BACKEND,\"a,\"\"b\",canary,UP,7,9,\n"
                                        "c1,,canary,MAINT,3,,\n");
        QVERIFY(rows.ok());
        QCOMPARE(rows.value().size(), size_t(2));
        QCOMPARE(rows.value()[0], (StatRow{"canary", "BACKEND", 9, "UP"}));
        QCOMPARE(rows.value()[1], (StatRow{"canary", "c1", 3, "MAINT"}));
        QVERIFY(!parseShowStat("No such proxy.").ok());
        QVERIFY(!parseShowStat("# pxname,svname\ncanary,c1\n").ok());
    }

    void everySettersReplyHasAMeaning_data()
    {
        QTest::addColumn<QString>("reply");
        QTest::addColumn<int>("meaning");
        const auto row = [](const char* reply, WriteReply meaning) {
            QTest::newRow(reply) << QString::fromLatin1(reply) << static_cast<int>(meaning);
        };
        row("", WriteReply::Accepted);
        row("\n", WriteReply::Accepted);
        row("Permission denied\n", WriteReply::Denied);
        row("No such backend.", WriteReply::NoSuchBackend);
        row("Can't find backend.", WriteReply::NoSuchBackend);
        row("No such server.", WriteReply::NoSuchServer);
        row("Require 'backend/server'.", WriteReply::NoSuchServer);
        row("Unknown map identifier. Please use #<id> or <file>.", WriteReply::NoSuchMap);
        row("entry not found.", WriteReply::NoSuchEntry);
        row("Key not found.", WriteReply::NoSuchEntry);
        row("Require <weight> or <weight%>.", WriteReply::BadValue);
        row("Absolute weight can only be between 0 and 256 inclusive.", WriteReply::BadValue);
        row("Relative weight must be positive.", WriteReply::BadValue);
        row("Missing value for key 'x'.", WriteReply::BadValue);
        row("'set server <srv> state' expects 'ready', 'drain' and 'maint'.", WriteReply::BadValue);
        row("Backend is using a static LB algorithm and only accepts weights '0%' and '100%'.",
            WriteReply::StaticBalance);
        row("Unknown command, but maybe one of the following ones is a better match:", WriteReply::UnknownCommand);
        row("something new", WriteReply::Other);
    }
    void everySettersReplyHasAMeaning()
    {
        QFETCH(QString, reply);
        QFETCH(int, meaning);
        QCOMPARE(static_cast<int>(classifyWrite(reply.toStdString())), meaning);
    }

    void aReplyShownToPeopleIsOneCleanLine()
    {
        QCOMPARE(replyText("one\x1b[31m\ntwo"), std::string("one [31m"));
        QCOMPARE(replyText(std::string(5000, 'x')).size(), size_t(200));
    }
};

QTEST_APPLESS_MAIN(HaproxyReplyTest)
#include "haproxy_reply_test.moc"
