// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include <rapidcheck.h>

#include "core/model/semver.h"

using namespace sluice;

namespace {

rc::Gen<std::string> identifier()
{
    return rc::gen::oneOf(
        rc::gen::map(rc::gen::inRange<uint64_t>(0, 100'000'000'000), [](uint64_t n) { return std::to_string(n); }),
        rc::gen::element<std::string>("alpha", "beta", "rc", "x-y", "0a", "-", "Z"));
}

rc::Gen<SemVer> version()
{
    const auto number = rc::gen::inRange<uint64_t>(0, 4);
    return rc::gen::build<SemVer>(
        rc::gen::set(&SemVer::major, number), rc::gen::set(&SemVer::minor, number),
        rc::gen::set(&SemVer::patch, number),
        rc::gen::set(&SemVer::pre, rc::gen::resize(3, rc::gen::container<std::vector<std::string>>(identifier()))),
        rc::gen::set(&SemVer::build, rc::gen::element<std::string>("", "5", "exp.sha-001")));
}

bool holds(const char* range, const char* version)
{
    return VersionRange::parse(range)->holds(*SemVer::parse(version));
}

} // namespace

class SemverTest : public QObject {
    Q_OBJECT

private slots:
    void whatIsWrittenIsReadBack()
    {
        QVERIFY(rc::check("parse(text()) is the version", [] {
            const SemVer one = *version();
            const auto back = SemVer::parse(one.text());
            RC_ASSERT(back.has_value());
            RC_ASSERT(*back == one);
            RC_ASSERT(back->text() == one.text());
            RC_ASSERT(SemVer::parse("v" + one.text()).has_value());
        }));
    }

    void theOrderIsTotal()
    {
        QVERIFY(rc::check("antisymmetric and transitive", [] {
            const SemVer a = *version();
            const SemVer b = *version();
            const SemVer c = *version();
            RC_ASSERT(((a <=> b) < 0) == ((b <=> a) > 0));
            if (a <= b && b <= c) RC_ASSERT(a <= c);
        }));
    }

    /// The examples of clause 11.
    void theExamplesOfTheStandardAreInTheirOrder()
    {
        const char* chain[] = {"1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta",
                               "1.0.0-beta",  "1.0.0-beta.2",  "1.0.0-beta.11",
                               "1.0.0-rc.1",  "1.0.0",         "2.0.0",
                               "2.1.0",       "2.1.1"};
        for (size_t i = 0; i + 1 < std::size(chain); ++i)
            QVERIFY2(*SemVer::parse(chain[i]) < *SemVer::parse(chain[i + 1]), chain[i]);
        QVERIFY(*SemVer::parse("1.0.0+1") == *SemVer::parse("1.0.0+2"));
    }

    void whatIsNoVersionIsRefused_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char* text : {"", "1", "1.2", "1.2.3.4", "01.2.3", "1.02.3", "1.2.3-", "1.2.3-a..b", "1.2.3-01",
                                 "1.2.3+", "1.2.x", "vv1.2.3", " 1.2.3", "1.2.3 ", "99999999999999999999.0.0"})
            QTest::newRow(text) << QByteArray(text);
    }
    void whatIsNoVersionIsRefused()
    {
        QFETCH(QByteArray, text);
        QVERIFY(!SemVer::parse(text.toStdString()));
    }

    void aRangeSaysWhichWillDo_data()
    {
        QTest::addColumn<QByteArray>("range");
        QTest::addColumn<QByteArray>("yes");
        QTest::addColumn<QByteArray>("no");
        const auto row = [](const char* range, const char* yes, const char* no) {
            QTest::newRow(range) << QByteArray(range) << QByteArray(yes) << QByteArray(no);
        };
        row(">=1.2.0 <2.0.0", "1.9.9", "2.0.0");
        row("^1.2.0", "1.9.0", "2.0.0");
        row("^0.2.1", "0.2.9", "0.3.0");
        row("^0.0.3", "0.0.3", "0.0.4");
        row("~1.2.3", "1.2.9", "1.3.0");
        QTest::newRow("^ before the next")
            << QByteArray("^1.2.0") << QByteArray("1.9.0-rc.1") << QByteArray("2.0.0-rc.1");
        QTest::newRow("~ before the next") << QByteArray("~1.2.3") << QByteArray("1.2.4-a") << QByteArray("1.3.0-a");
        row("1.2.3", "1.2.3", "1.2.4");
        row("=1.2.3", "1.2.3", "1.2.2");
        row(">1.0.0", "1.0.1", "1.0.0");
        row("<=1.0.0", "1.0.0", "1.0.1");
    }
    void aRangeSaysWhichWillDo()
    {
        QFETCH(QByteArray, range);
        QFETCH(QByteArray, yes);
        QFETCH(QByteArray, no);
        QVERIFY(holds(range, yes));
        QVERIFY(!holds(range, no));
        QVERIFY(holds("*", no));
    }

    void whatIsNoRangeIsRefused()
    {
        for (const char* text : {"", " ", ">=", "1.2", "^", "1.2.3 or 1.2.4", "=>1.0.0"})
            QVERIFY2(!VersionRange::parse(text), text);
    }
};

QTEST_APPLESS_MAIN(SemverTest)
#include "semver_test.moc"
