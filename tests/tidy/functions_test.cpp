// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "tests/tidy/checks.h"
#include "tests/tidy/functions.h"

namespace sluice::tidy {

/// What counts as a function, and where it begins and ends.
class FunctionsTest : public QObject {
    Q_OBJECT

    static SourceFile sample(const QString& code) { return readSource(QStringLiteral("core/a.cpp"), code.toLatin1()); }

private slots:
    void functionsAreFoundWithTheirLines_data()
    {
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("functions");
        const auto row = [](const char* name, const char* code, const char* functions) {
            QTest::newRow(name) << QString::fromLatin1(code) << QString::fromLatin1(functions);
        };
        row("plain", "int f()\n{\n    return 1;\n}\n", "f 1-4");
        row("in a namespace", "namespace a::b {\nvoid f() {}\nvoid g() {}\n} // namespace\n", "f 2-2, g 3-3");
        row("in a class", "class A : public B {\npublic:\n    int f() const { return 1; }\n};\n", "f 3-3");
        row("template", "template <class T>\nstruct A {\n    template <class U>\n    void f(U u)\n    {\n    }\n};\n",
            "f 3-6");
        row("initialisers", "A::A(int a)\n    : m_a{a}\n    , m_b(new B{a})\n{\n    f();\n}\n", "A::A 1-6");
        row("last initialiser in braces", "A::A() : m_a{1} {}\n", "A::A 1-1");
        row("default argument", "void f(X x = {}, Y y = [] { return 1; }())\n{\n}\n", "f 1-3");
        row("trailing return", "auto f(int a) -> std::vector<int>\n{\n}\n", "f 1-3");
        row("requires", "template <class T>\n    requires C<T>\nvoid f(T t) requires D<T>\n{\n}\n", "f 1-5");
        row("operators", "bool operator==(A a, A b) { return 1; }\nint A::operator()(int b) { return b; }\n",
            "operator== 1-1, A::operator() 2-2");
        row("lambda in a function", "void f()\n{\n    g([] {\n        h();\n    });\n}\n", "f 1-6");
        row("lambda outside", "const auto k = [](int a) {\n    return a;\n};\n", "a lambda 1-3");
        row("local class", "void f()\n{\n    struct A {\n        void g() {}\n    };\n}\n", "f 1-6");
        row("qualifiers", "struct A {\n    void f() const noexcept override\n    {\n    }\n};\n", "f 2-4");
        row("brace in a literal", "void f()\n{\n    g(\"}\", '}', R\"(})\");\n    h(1'000);\n}\n", "f 1-5");
        row("brace in a comment", "void f()\n{\n    // }\n    /* } */\n}\n", "f 1-5");
        row("directive", "#define X {\nvoid f()\n{\n}\n", "f 2-4");
        row("after a macro", "class A {\n    Q_OBJECT\n\nprivate slots:\n    void f() {}\n};\n", "f 5-5");
        row("after macros without a semicolon", "SERIALISE(E, {\n    {A, 1},\n})\nREGISTER(F)\nvoid f()\n{\n}\n",
            "f 5-7");
        row("enum", "enum class E { A, B };\nenum F : int {\n    C\n};\n", "");
        row("table", "const std::vector<A> k = {\n    {1, 2},\n    {3, 4},\n};\nstd::array<int, 2> m{1, 2};\n", "");
        row("member with a value", "struct A {\n    std::string a{};\n    std::function<void(int)> b{};\n};\n", "");
        row("declarations", "int f();\nclass A;\nextern \"C\" {\nint g(int);\n}\n", "");
        row("concept", "template <class T>\nconcept C = requires(T t) {\n    t.f();\n};\nvoid g() {}\n", "g 5-5");
    }

    void functionsAreFoundWithTheirLines()
    {
        QFETCH(const QString, code);
        QFETCH(const QString, functions);
        QStringList seen;
        const Functions found = functionsOf(sample(code));
        for (const FunctionSpan& span : found.spans)
            seen << QStringLiteral("%1 %2-%3").arg(span.name).arg(span.firstLine).arg(span.lastLine);
        QVERIFY(found.balanced);
        QCOMPARE(seen.join(QStringLiteral(", ")), functions);
    }

    void aFunctionOfSixtyLinesIsTheLongest()
    {
        const auto ofLines = [](int lines) {
            return QStringLiteral("namespace a {\nvoid f()\n{\n") + QStringLiteral("    g();\n").repeated(lines - 3) +
                   QStringLiteral("}\n}\n");
        };
        QVERIFY(checkFunctionLength(sample(ofLines(60))).empty());
        const Findings findings = checkFunctionLength(sample(ofLines(61)));
        QCOMPARE(findings.size(), size_t{1});
        QCOMPARE(findings.front().toString(), QStringLiteral("core/a.cpp:2: f has 61 lines, at most 60 are allowed: "
                                                             "give its parts names of their own"));
    }

    void bracesThatDoNotMatchAreReported()
    {
        QCOMPARE(checkFunctionLength(sample(QStringLiteral("void f() {\n"))).size(), size_t{1});
        QCOMPARE(checkFunctionLength(sample(QStringLiteral("void f() {}\n}\n"))).size(), size_t{1});
    }
};

} // namespace sluice::tidy

QTEST_APPLESS_MAIN(sluice::tidy::FunctionsTest)
#include "functions_test.moc"
