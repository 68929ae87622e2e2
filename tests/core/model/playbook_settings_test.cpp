// SPDX-License-Identifier: GPL-3.0-or-later
#include <rapidcheck.h>

#include "tests/core/model/read_playbook.h"

using namespace sluice;
using namespace sluice::test;

namespace {

const std::string kSettled = changed(changed(kSmall, "metrics:",
                                             "settings:\n"
                                             "  limit: 2%      # of errors\n"
                                             "  hold: '3m'\n"
                                             "  who: \"release manager\"\n"
                                             "metrics:"),
                                     "above: 2%, for: 3m", "above: '${limit}', for: '${hold}'");

using Settings = std::map<std::string, std::string>;

} // namespace

class PlaybookSettingsTest : public QObject {
    Q_OBJECT

private slots:
    void aSettingStandsWhereItIsNamed()
    {
        const auto playbook = playbookOf(kSettled);
        QVERIFY(playbook);
        QCOMPARE(playbook->triggers[0].when.limit, int64_t{20'000});
        QCOMPARE(playbook->triggers[0].hold, Duration(std::chrono::minutes(3)));
        QCOMPARE(playbook->settings, (Settings{{"limit", "2%"}, {"hold", "3m"}, {"who", "release manager"}}));
    }

    void aSettingMayBePartOfAText()
    {
        const auto playbook = playbookOf(changed(kSettled, "metrics:", "title: 'For ${who}, at ${limit}'\nmetrics:"));
        QVERIFY(playbook);
        QCOMPARE(playbook->title, std::string("For release manager, at 2%"));
    }

    void aReplacedSettingActsAndStandsInTheText()
    {
        const auto playbook = playbookOf(kSettled, {{"limit", "5%"}, {"hold", "1m"}});
        QVERIFY(playbook);
        QCOMPARE(playbook->triggers[0].when.limit, int64_t{50'000});
        QCOMPARE(playbook->triggers[0].hold, Duration(std::chrono::minutes(1)));
        QVERIFY(playbook->text.find("limit: \"5%\"      # of errors\n  hold: \"1m\"\n") != std::string::npos);
    }

    void theTextAloneGivesTheSamePlaybookAgain()
    {
        const Settings settings{{"limit", "5%"}, {"who", "Ana \"the boss\" \\ Ü"}};
        const auto first = playbookOf(kSettled, settings);
        QVERIFY(first);
        QCOMPARE(playbookOf(first->text), first);
        QCOMPARE(playbookOf(first->text, settings), first);
    }

    void everyChangeGivesAnotherHash()
    {
        const std::string hash = playbookOf(kSettled)->hash;
        QCOMPARE(playbookOf(kSettled)->hash, hash);
        QVERIFY(playbookOf(kSettled, {{"limit", "5%"}})->hash != hash);
        QVERIFY(playbookOf(kSettled, {{"who", "x"}})->hash != hash);
        QVERIFY(playbookOf(kSettled + "# a comment\n")->hash != hash);
        QVERIFY(playbookOf(changed(kSettled, "playbook: small", "playbook: smaller"))->hash != hash);
    }

    void aSettingReplacedByItsOwnValueChangesNothing()
    {
        QCOMPARE(playbookOf(kSettled, {{"limit", "2%"}, {"hold", "3m"}}), playbookOf(kSettled));
    }

    void aWrongSettingSaysWhatWouldBeRight_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QByteArray>("problem");
        const auto row = [](const char* tag, const char* name, const char* value, const char* problem) {
            QTest::newRow(tag) << QByteArray(name) << QByteArray(value) << QByteArray(problem) + "\n";
        };
        row("unknown", "limt", "5%", "p.yaml:3:3: settings: no setting 'limt'; did you mean 'limit'?");
        row("far from all", "colour", "red", "p.yaml:3:3: settings: no setting 'colour'; there are limit, hold or who");
        row("empty", "limit", "", "p.yaml:3:10: settings.limit: the value is missing");
        row("two lines", "limit", "5%\nx: y", "p.yaml:3:10: settings.limit: a setting is one line");
        row("another setting", "limit", "${hold}",
            "p.yaml:3:10: settings.limit: a setting cannot refer to another one");
        row("direction mark", "limit", "5%\xE2\x80\xAE",
            "p.yaml:3:10: settings.limit: U+202E changes the reading direction of the text; remove it");
        row("wrong unit", "limit", "5", "p.yaml:14:29: triggers[0].above: 5 has no unit; write 5%");
    }
    void aWrongSettingSaysWhatWouldBeRight()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, value);
        QFETCH(QByteArray, problem);
        const Settings settings{{name.toStdString(), value.toStdString()}};
        QCOMPARE(QByteArray::fromStdString(problemsOf(kSettled, settings)), problem);
    }

    void aPlaybookWithoutSettingsSaysSo()
    {
        QCOMPARE(problemsOf(kSmall, {{"limit", "5%"}}),
                 std::string("p.yaml:1:1: settings: no setting 'limit': this playbook has no settings\n"));
    }

    void anOpenReferenceIsAProblem()
    {
        QCOMPARE(
            problemsOf(changed(kSettled, "${hold}", "${hold")),
            std::string("p.yaml:14:46: triggers[0].for: a '${' is not closed\n"
                        "p.yaml:14:46: triggers[0].for: '${hold' is not a duration; write it like 15m, 30s, 1200ms or "
                        "1h30m\n"));
    }

    void whateverASettingIsReplacedByItReadsBackTheSame()
    {
        QVERIFY(rc::check("any value", [] {
            const auto value = *rc::gen::nonEmpty(
                rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab1% '\"\\{}[],:#&*!|>-?@`$~"))));
            const auto read = readPlaybook(kSettled, "p.yaml", {{"who", value}});
            if (read.index() == 1) {
                RC_ASSERT(value.find("${") != std::string::npos || value.size() > 200);
                return;
            }
            RC_ASSERT(std::get<0>(read).settings.at("who") == value);
            RC_ASSERT(readPlaybook(std::get<0>(read).text, "p.yaml") == read);
        }));
    }
};

QTEST_APPLESS_MAIN(PlaybookSettingsTest)
#include "playbook_settings_test.moc"
