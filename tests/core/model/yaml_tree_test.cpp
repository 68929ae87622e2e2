// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>

#include <QDeadlineTimer>
#include <QtTest>

#include "core/model/yaml_tree.h"

using namespace sluice;

namespace {

QByteArray problemsOf(const std::string& text)
{
    const auto read = readYaml(text, "f.yaml");
    std::string lines;
    for (const Problem& problem : read.problems)
        lines += problemText(problem) + "\n";
    return QByteArray::fromStdString(lines);
}

YamlNode treeOf(const std::string& text)
{
    YamlRead read = readYaml(text, "f.yaml");
    if (!read.whole || !read.problems.empty()) qFatal("%s", problemsOf(text).constData());
    return std::move(read.root);
}

void refused(const char* name, const std::string& text, const char* problems)
{
    QTest::newRow(name) << QByteArray::fromStdString(text) << QByteArray(problems);
}

std::string repeated(const std::string& part, int times)
{
    std::string text;
    for (int i = 0; i < times; ++i)
        text += part;
    return text;
}

} // namespace

class YamlTreeTest : public QObject {
    Q_OBJECT

private slots:
    void everyValueKnowsItsLineAndColumn()
    {
        const YamlNode tree = treeOf("a: 1\nb:\n  - x\n  - {c: 'y'}\n");
        QCOMPARE(tree.find("a")->text, std::string("1"));
        QCOMPARE(tree.find("a")->column, 4);
        const YamlNode& list = *tree.find("b");
        QCOMPARE(list.kind, YamlNode::Kind::Sequence);
        QCOMPARE(list.items[0].line, 3);
        const YamlNode& c = *list.items[1].find("c");
        QCOMPARE(c.text, std::string("y"));
        QCOMPARE(c.line, 4);
        QCOMPARE(c.column, 9);
    }

    void columnsCountCharactersAndNotBytes() { QCOMPARE(treeOf("ä: {ü: x}\n").items[0].items[0].column, 8); }

    void aByteOrderMarkAndDosLineEndsChangeNothing()
    {
        const YamlNode tree = treeOf("\xEF\xBB\xBF"
                                     "a: 1\r\nb: 2\r\n");
        QCOMPARE(tree.find("a")->column, 4);
        QCOMPARE(tree.find("b")->text, std::string("2"));
        QCOMPARE(tree.find("b")->line, 2);
    }

    void anEmptyTextIsNothing() { QCOMPARE(treeOf("# only a comment\n").kind, YamlNode::Kind::Null); }

    void blockTextKeepsItsLines() { QCOMPARE(treeOf("a: |\n  x\n  y\n").find("a")->text, std::string("x\ny\n")); }

    void whatCouldMeanSomethingElseIsRefused_data();
    void whatCouldMeanSomethingElseIsRefused()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, problems);
        QCOMPARE(problemsOf(text.toStdString()), problems + "\n");
    }

    void anEscapeCannotSmuggleADirectionMark()
    {
        QCOMPARE(problemsOf("a: \"x\\u202ey\"\n"),
                 QByteArray("f.yaml:1:4: a: U+202E changes the reading direction of the text; remove it\n"));
    }

    void theLimitsHold()
    {
        const std::string deepest = repeated("[", 32) + "x" + repeated("]", 32);
        QCOMPARE(problemsOf(deepest), QByteArray());
        QCOMPARE(problemsOf("[" + deepest + "]"),
                 QByteArray("f.yaml:1:33: " + QByteArray("[0]").repeated(32) + ": nested deeper than 32 levels\n"));
        QVERIFY(problemsOf("# " + std::string(kMaxYamlBytes, 'x')).contains("has at most 1048576 (1 MiB)"));
        QCOMPARE(problemsOf(repeated("# " + std::string(1021, 'x') + "\n", 1024)), QByteArray());
        QVERIFY(problemsOf("a: 1\n# " + std::string(kMaxYamlMarks + 1, ','))
                    .startsWith("f.yaml:2:100003: more than 100000"));
        QVERIFY(problemsOf(repeated("- x\n", 20'001)).contains("more than 20000 values"));
    }

    void atMostFiftyProblemsAreKept()
    {
        const auto read = readYaml(repeated("- !t x\n", 80), "f.yaml");
        QCOMPARE(read.problems.size(), size_t{50});
    }

    /// F67: bombs and towers of a megabyte are answered at once, in little memory.
    void aBombIsAnsweredAtOnce_data()
    {
        QTest::addColumn<QByteArray>("text");
        const int mebibyte = static_cast<int>(kMaxYamlBytes);
        refusedAtOnce("flow tower", repeated("[", mebibyte));
        refusedAtOnce("flow tower in lines", repeated(repeated("[", 1023) + "\n", mebibyte / 1024));
        refusedAtOnce("commas in lines", "[" + repeated(repeated(",", 1021) + "\n", mebibyte / 1024));
        refusedAtOnce("map tower", repeated("{a: ", mebibyte / 4));
        refusedAtOnce("block tower", repeated("- ", mebibyte / 2));
        refusedAtOnce("question tower", repeated("? ", mebibyte / 2));
        refusedAtOnce("commas", "[" + repeated(",", mebibyte - 2));
        refusedAtOnce("quotes", repeated("'", mebibyte - 1));
        refusedAtOnce("one long plain text", "a: " + repeated("x ", mebibyte / 2 - 8) + "\n: {");
        refusedAtOnce("anchors", repeated("- &a x\n", mebibyte / 7));
        refusedAtOnce("aliases", "- &a x\n" + repeated("- *a\n", mebibyte / 5 - 2));
        refusedAtOnce("self", "&a [*a]\n");
        refusedAtOnce("many keys", manyKeys());
    }
    void aBombIsAnsweredAtOnce()
    {
        QFETCH(QByteArray, text);
        const QDeadlineTimer deadline(5000);
        QVERIFY(!problemsOf(text.toStdString()).isEmpty());
        QVERIFY(!deadline.hasExpired());
    }

private:
    static void refusedAtOnce(const char* name, const std::string& text)
    {
        QTest::newRow(name) << QByteArray::fromStdString(text);
    }
    static std::string manyKeys()
    {
        std::string text;
        for (int i = 0; i < 30'000; ++i)
            text += "k" + std::to_string(i) + ": v\n";
        return text;
    }
};

void YamlTreeTest::whatCouldMeanSomethingElseIsRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("problems");
    refused("anchor", "a: &x 1\n", "f.yaml:1:4: a: anchors (&name) are not allowed; write the value out");
    refused("anchor on a map", "a: &x {b: 1}\n", "f.yaml:1:4: a: anchors (&name) are not allowed; write the value out");
    refused("alias", "a: &x 1\nb: *x\n",
            "f.yaml:1:4: a: anchors (&name) are not allowed; write the value out\n"
            "f.yaml:2:4: b: aliases (*name) are not allowed; write the value out");
    refused("alias of nothing", "a: *x\n", "f.yaml:1:4: a: aliases (*name) are not allowed; write the value out");
    refused("tag", "a: !!str 1\n", "f.yaml:1:4: a: tags (!type) are not allowed; write the plain value");
    refused("bare tag", "a: ! x\n", "f.yaml:1:4: a: tags (!type) are not allowed; write the plain value");
    refused("tag on a list", "a: !x [1]\n", "f.yaml:1:4: a: tags (!type) are not allowed; write the plain value");
    refused("merge key", "a: {<<: {b: 1}}\n", "f.yaml:1:5: a: merge keys (<<) are not allowed; write the values out");
    refused("key twice", "a: 1\nb: {c: 1, c: 2}\n", "f.yaml:2:11: b.c: 'c' was already given in line 2");
    refused("key twice on top", "a: 1\nb: 2\na: 3\n", "f.yaml:3:1: a: 'a' was already given in line 1");
    refused("no key", "{: 1}\n", "f.yaml:1:2: a key is missing before ':'");
    refused("a list as key", "? [a]\n: 1\n",
            "f.yaml:1:3: this '[' is not closed, or it is a key, which must be plain text");
    refused("two documents", "a: 1\n---\nb: 1\n",
            "f.yaml:2:1: the document has ended before this; a file holds one, check the indentation");
    refused("byte", "a: \xFF\n", "f.yaml:1:4: byte 0xFF is not valid UTF-8");
    refused("overlong", "a: b\nc: \xC0\xAF\n", "f.yaml:2:4: byte 0xC0 is not valid UTF-8");
    refused("surrogate", "a: \xED\xA0\x80\n", "f.yaml:1:4: byte 0xED is not valid UTF-8");
    refused("cut short", "a: \xE2\x82", "f.yaml:1:4: byte 0xE2 is not valid UTF-8");
    refused("UTF-16",
            std::string("\xFF\xFE"
                        "a\0:\0",
                        6),
            "f.yaml:1:1: byte 0xFF is not valid UTF-8");
    refused("zero byte", std::string("a: \0\n", 5), "f.yaml:1:4: U+0000 is a control character; remove it");
    refused("escape character", "a: \x1B[31m\n", "f.yaml:1:4: U+001B is a control character; remove it");
    refused("lone CR", "a: 1\rb: 2\n", "f.yaml:1:5: U+000D is a control character; remove it");
    refused("bidi in a comment", "a: 1 # \xE2\x80\xAE\n",
            "f.yaml:1:8: U+202E changes the reading direction of the text; remove it");
    refused("line separator", "a: x\xE2\x80\xA8y\n", "f.yaml:1:5: U+2028 is a hidden line break; remove it");
    refused("tab", "a: b\n\tc: d\n", "f.yaml:2:1: a: a tab cannot indent; use spaces");
    refused("open brace", "a: {b: 1\n", "f.yaml:1:4: a: this '{' is not closed, or a ',' is missing after it");
    refused("open bracket", "a: [b\n", "f.yaml:1:4: a: this '[' is not closed, or a ',' is missing after it");
    refused("open bracket before more", "a: [1, 2\nb: 3\n",
            "f.yaml:1:4: a: this '[' is not closed, or a ',' is missing after it");
    refused("open brace in a list", "a:\n  - {b: 1, c: 2\n  - {b: 3}\n",
            "f.yaml:2:5: a[0]: this '{' is not closed, or it is a key, which must be plain text");
    refused("open brace in brackets", "a: [1, {b: 2]\n",
            "f.yaml:1:13: a[1]: this bracket closes nothing that is open; its '[' or '{' is missing or another kind");
    refused("open quote in brackets", "a: [\"b, c]\nd: e\n",
            "f.yaml:1:5: a[0]: this quote is not closed\n"
            "f.yaml:1:4: a: this '[' is not closed, or a ',' is missing after it");
    refused("alias in brackets", "a: [*b]\n", "f.yaml:1:5: a[0]: aliases (*name) are not allowed; write the value out");
    refused("a bracket that nothing opened", "a: ]\n",
            "f.yaml:1:4: a: this bracket closes nothing that is open; its '[' or '{' is missing or another kind");
    refused("open quote", "a: 'b\n", "f.yaml:1:4: a: this quote is not closed");
    refused("open quote over lines", "a: \"b\\\"\nc: d\n", "f.yaml:1:4: a: this quote is not closed");
    refused("open quote at the end", "a: 'b", "f.yaml:1:6: a: a quote is not closed");
    refused("lines glued together", "- a\n - b\n",
            "f.yaml:1:3: [0]: this text goes on in the next line; put it in quotes");
    refused("two colons", "a: b: c\n", "f.yaml:1:5: a second ': ' on one line; put the value in quotes");
    refused("indentation", "a:\n  b: 1\n c: 2\n",
            "f.yaml:3:2: this line does not belong to the map above; check its indentation");
}

QTEST_APPLESS_MAIN(YamlTreeTest)
#include "yaml_tree_test.moc"
