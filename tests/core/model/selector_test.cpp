// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>

#include <rapidcheck.h>

#include <QtTest>

#include "core/model/selector.h"

using namespace sluice;

namespace {

rc::Gen<std::string> word(const char* letters)
{
    return rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::elementOf(std::string(letters))));
}

rc::Gen<LabelMatch> label()
{
    using Kind = LabelMatch::Kind;
    return rc::gen::build<LabelMatch>(
        rc::gen::set(&LabelMatch::label, word("abcxyz_")),
        rc::gen::set(&LabelMatch::kind, rc::gen::element(Kind::Equal, Kind::NotEqual, Kind::Matches, Kind::NotMatches)),
        // Every character that is special in the text form; none that makes an expression unreadable.
        rc::gen::set(&LabelMatch::value,
                     rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab.5/'\" \n,{}=")))));
}

} // namespace

class SelectorTest : public QObject {
    Q_OBJECT

private slots:
    void nameAndLabelsAreRead()
    {
        const auto read = parseSelector(R"(http_requests_total{track="$track",code=~"5..", zone!='eu' ,host!~"a\d",})");
        QVERIFY2(read.ok(), read.ok() ? "" : read.error().detail.c_str());
        using Kind = LabelMatch::Kind;
        const Selector expected{"http_requests_total",
                                {{"track", Kind::Equal, "$track"},
                                 {"code", Kind::Matches, "5.."},
                                 {"zone", Kind::NotEqual, "eu"},
                                 {"host", Kind::NotMatches, "a\\d"}}};
        QCOMPARE(read.value(), expected);
    }

    void aNameAloneIsASelector()
    {
        QCOMPARE(parseSelector("job:up:sum").value(), (Selector{"job:up:sum", {}}));
        QCOMPARE(parseSelector("up{}").value(), (Selector{"up", {}}));
    }

    void aDollarAtTheEndOfAnExpressionIsAnAnchor() { QVERIFY(parseSelector(R"(up{code=~"5..$"})").ok()); }

    void whatIsNoSelectorSaysWhy_data()
    {
        QTest::addColumn<QByteArray>("problem");
        const auto row = [](const char* text, const char* problem) { QTest::newRow(text) << QByteArray(problem); };
        row("", "a series name comes first, like http_requests_total");
        row("5xx", "a series name comes first, like http_requests_total");
        row("up[5m]", "no range here: the metric's window says how long");
        row("rate(up)", "no functions here: name the series, the metric's kind says what to do with it");
        row("up{a=\"b\"} / 2", "'/ 2' at character 11 is not part of a selector");
        row("up{", "the '{' is not closed");
        row("up{a=\"b\"", "the '{' is not closed");
        row("up{a=\"b\" c=\"d\"}", "a ',' or '}' is missing at character 10");
        row("up{=\"b\"}", "a label name is missing at character 4");
        row("up{a b}", "write =, !=, =~ or !~ after a");
        row("up{a=b}", "the value of a needs quotes: a=\"…\"");
        row("up{a=\"b}", "the value of a needs quotes: a=\"…\"");
        row("up{a=\"$tarck\"}", "unknown variable '$tarck'; did you mean '$track'?");
        row("up{a=\"$instance_of_mine\"}",
            "unknown variable '$instance_of_mine'; there are $track, $service and $environment");
        row("up{a=~\"(\"}", "'(' is not an expression that can be read");
        row("up{a=~\"(a)\\1\"}", "back references are not allowed in an expression");
        row("up{a=~\"a(?=b)\"}", "look-ahead is not allowed in an expression");
    }
    void whatIsNoSelectorSaysWhy()
    {
        QFETCH(QByteArray, problem);
        const auto read = parseSelector(QTest::currentDataTag());
        QVERIFY(!read.ok());
        QCOMPARE(QByteArray::fromStdString(read.error().detail), problem);
    }

    void aSelectorHasLimits()
    {
        QVERIFY(!parseSelector(std::string(1025, 'a')).ok());
        std::string many = "up{";
        for (int i = 0; i < 17; ++i)
            many += "a=\"b\",";
        QCOMPARE(parseSelector(many + "}").error().detail, std::string("more than 16 label conditions"));
        QVERIFY(!parseSelector("up{a=~\"" + std::string(257, 'a') + "\"}").ok());
    }

    void whatIsWrittenIsReadBackTheSame()
    {
        QVERIFY(rc::check("selectors", [] {
            Selector selector;
            selector.name = *word("abcxyz_");
            selector.labels = *rc::gen::resize(8, rc::gen::container<std::vector<LabelMatch>>(label()));
            const auto read = parseSelector(selectorText(selector));
            // Braces may make an expression that no engine reads; that is a problem, never another selector.
            if (read.ok())
                RC_ASSERT(read.value() == selector);
            else
                RC_ASSERT(read.error().detail.find("not an expression") != std::string::npos);
        }));
    }

    void anyTextIsASelectorOrAProblemWithWords()
    {
        QVERIFY(rc::check("random text", [] {
            const auto text =
                *rc::gen::container<std::string>(rc::gen::elementOf(std::string("up{}=~!\"'\\,$()[]*+? a1\n")));
            const auto read = parseSelector(text);
            RC_ASSERT((read.ok() ? !read.value().name.empty() : !read.error().detail.empty()));
        }));
    }
};

QTEST_APPLESS_MAIN(SelectorTest)
#include "selector_test.moc"
