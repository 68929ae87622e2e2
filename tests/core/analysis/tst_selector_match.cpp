// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "core/analysis/selector_match.h"

using namespace sluice;
using namespace sluice::analysis;

class TestSelectorMatch : public QObject {
    Q_OBJECT
private slots:
    void aPatternMatchesTheWholeValue_data();
    void aPatternMatchesTheWholeValue();
    void oneCondition_data();
    void oneCondition();
    void trackServiceAndEnvironmentAreFilledIn();
    void aPatternThatDoesNotCompileMatchesNothing();
    void allConditionsMustHold();
};

void TestSelectorMatch::aPatternMatchesTheWholeValue_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("value");
    QTest::addColumn<bool>("matches");
    const auto row = [](const char* pattern, const char* value, bool matches) {
        QTest::addRow("%s on %s", pattern, value) << pattern << value << matches;
    };
    row("5..", "500", true);
    row("5..", "5000", false);
    row("5..", "50", false);
    row("5..|4..", "404", true);
    row("5..|4..", "200", false);
    row("500", "500", true);
    row("500", "1500", false);
    row("", "", true);
    row("|500", "", true);
    row(".*", "anything", true);
    row(".+", "", false);
    row("5[0-9]{2}", "503", true);
    row("5[0-9]{2}", "5033", false);
    row("(4|5)\\d\\d", "499", true);
    row("^5..$", "500", true);
    row("a\\.b", "a.b", true);
    row("a\\.b", "axb", false);
}

void TestSelectorMatch::aPatternMatchesTheWholeValue()
{
    QFETCH(QString, pattern);
    QFETCH(QString, value);
    QFETCH(bool, matches);
    QCOMPARE(Pattern(pattern.toStdString()).matches(value.toStdString()), matches);
}

void TestSelectorMatch::oneCondition_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("wanted");
    QTest::addColumn<bool>("on500");
    QTest::addColumn<bool>("onMissing");
    using Kind = LabelMatch::Kind;
    QTest::newRow("equal") << int(Kind::Equal) << "500" << true << false;
    QTest::newRow("equal to empty is missing") << int(Kind::Equal) << "" << false << true;
    QTest::newRow("not equal") << int(Kind::NotEqual) << "500" << false << true;
    QTest::newRow("matches") << int(Kind::Matches) << "5.." << true << false;
    QTest::newRow("does not match") << int(Kind::NotMatches) << "5.." << false << true;
}

void TestSelectorMatch::oneCondition()
{
    QFETCH(int, kind);
    QFETCH(QString, wanted);
    QFETCH(bool, on500);
    QFETCH(bool, onMissing);
    const Selector selector{
        .name = "n",
        .labels = {{.label = "code", .kind = static_cast<LabelMatch::Kind>(kind), .value = wanted.toStdString()}}};
    const SelectorMatcher matcher(selector, {}, Track::Stable);
    QCOMPARE(matcher.matches({{"a", "1"}, {"code", "500"}, {"z", "2"}}), on500);
    QCOMPARE(matcher.matches({{"a", "1"}, {"z", "2"}}), onMissing);
}

void TestSelectorMatch::trackServiceAndEnvironmentAreFilledIn()
{
    const Selector selector{.name = "n",
                            .labels = {{.label = "track", .value = "$track"},
                                       {.label = "app", .value = "$service-$environment"},
                                       {.label = "host", .kind = LabelMatch::Kind::Matches, .value = "$service-.+"}}};
    const SelectorMatcher matcher(selector, {.service = "pay.it", .environment = "prod"}, Track::Canary);
    QVERIFY(matcher.matches({{"app", "pay.it-prod"}, {"host", "pay.it-7"}, {"track", "canary"}}));
    QVERIFY(!matcher.matches({{"app", "pay.it-prod"}, {"host", "payxit-7"}, {"track", "canary"}}));
    QVERIFY(!matcher.matches({{"app", "pay.it-prod"}, {"host", "pay.it-7"}, {"track", "stable"}}));
}

void TestSelectorMatch::aPatternThatDoesNotCompileMatchesNothing()
{
    for (const char* text : {"5[", "(", "*", "a{2,1}"}) {
        const LabelMatch::Kind kinds[] = {LabelMatch::Kind::Matches, LabelMatch::Kind::NotMatches};
        for (const auto kind : kinds) {
            const SelectorMatcher matcher({.name = "n", .labels = {{.label = "code", .kind = kind, .value = text}}}, {},
                                          Track::Stable);
            QVERIFY2(!matcher.valid(), text);
            QVERIFY2(!matcher.matches({{"code", "500"}}), text);
        }
    }
}

void TestSelectorMatch::allConditionsMustHold()
{
    const SelectorMatcher matcher({.name = "n", .labels = {{.label = "a", .value = "1"}, {.label = "b", .value = "2"}}},
                                  {}, Track::Stable);
    QVERIFY(matcher.matches({{"a", "1"}, {"b", "2"}, {"c", "3"}}));
    QVERIFY(!matcher.matches({{"a", "1"}, {"b", "3"}}));
}

QTEST_GUILESS_MAIN(TestSelectorMatch)
#include "tst_selector_match.moc"
