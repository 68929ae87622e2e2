// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>

#include <rapidcheck.h>

#include <QtTest>

#include "core/model/text_check.h"

using namespace sluice;

class TextCheckTest : public QObject {
    Q_OBJECT

private slots:
    /// Qt's own strict decoder is the reference.
    void exactlyWellFormedUtf8Passes()
    {
        QVERIFY(rc::check("random bytes", [] {
            const auto text = *rc::gen::container<std::string>(rc::gen::oneOf(
                rc::gen::arbitrary<char>(), rc::gen::elementOf(std::string("\xC2\xE0\xED\xF0\xF4\x80\x9F\xA0\xBF"
                                                                           "a"))));
            QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
            const QString decoded = decoder(QByteArray::fromStdString(text));
            Q_UNUSED(decoded)
            const auto fault = findTextFault(text);
            const bool utf8Fault = fault && fault->message.find("UTF-8") != std::string::npos;
            if (!decoder.hasError())
                RC_ASSERT(!utf8Fault);
            else
                RC_ASSERT(fault.has_value());
        }));
    }

    void theFaultIsWhereItStands()
    {
        QCOMPARE(findTextFault("ab\x07")->offset, size_t{2});
        QCOMPARE(findTextFault("ä\xFF")->offset, size_t{2});
        QVERIFY(!findTextFault("Größe 中文 עברית 🚀\n\t\r\n"));
    }

    void aNameIsPlainAscii_data()
    {
        QTest::addColumn<bool>("good");
        for (const char* name : {"a", "5xx", "error_rate", "p99.9", "engineering-lead"})
            QTest::newRow(name) << true;
        for (const char* name : {"", "A", "_a", "-a", "a b", "a/b", "\xD0\xB0", "a\xE2\x80\x8B"})
            QTest::newRow(name) << false;
    }
    void aNameIsPlainAscii()
    {
        QFETCH(bool, good);
        QCOMPARE(!nameFault(QTest::currentDataTag()).has_value(), good);
        QVERIFY(nameFault(std::string(kMaxNameLength + 1, 'a')));
        QVERIFY(!nameFault(std::string(kMaxNameLength, 'a')));
    }

    void quotingShowsWhatHides()
    {
        QCOMPARE(quotedForPeople("a\xE2\x80\xAE"
                                 "b\xE2\x80\x8B"
                                 "c\n\xFF"),
                 std::string("aU+202EbU+200BcU+000A\\xFF"));
        QCOMPARE(quotedForPeople("äöü", 2), std::string("äö…"));
    }

    void theNearestWordIsOneThatCanBeMeant()
    {
        const std::vector<std::string> words{"weight", "window", "watch"};
        QCOMPARE(nearest("wieght", words), std::optional<std::string>("weight"));
        QCOMPARE(nearest("windows", words), std::optional<std::string>("window"));
        QCOMPARE(nearest("stages", words), std::optional<std::string>());
        QCOMPARE(nearest("", words), std::optional<std::string>());
        QCOMPARE(nearest(std::string(1000, 'w'), words), std::optional<std::string>());
        QCOMPARE(didYouMean("watc", words), std::string("; did you mean 'watch'?"));
    }

    void aVersionLooksLikeAnImageTag_data()
    {
        QTest::addColumn<QByteArray>("version");
        QTest::addColumn<bool>("good");
        for (const char* good : {"v2.4.0", "2024-11-21", "1.0.0-rc.1+build.7", "a1b2c3d", "Release_7"})
            QTest::newRow(good) << QByteArray(good) << true;
        for (const char* bad : {"", " ", "v2 4", ".v2", "-v2", "app:v2", "v2/4", "v2\n", "v\xc3\xbc"})
            QTest::addRow("bad: %s", bad) << QByteArray(bad) << false;
        QTest::newRow("as long as can be") << QByteArray(128, 'v') << true;
        QTest::newRow("too long") << QByteArray(129, 'v') << false;
    }
    void aVersionLooksLikeAnImageTag()
    {
        QFETCH(QByteArray, version);
        QFETCH(bool, good);
        QCOMPARE(!sluice::versionFault(version.toStdString()).has_value(), good);
    }
};

QTEST_APPLESS_MAIN(TextCheckTest)
#include "text_check_test.moc"
