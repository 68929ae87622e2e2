// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>

#include <QtTest>

#include "core/base/sha256.h"

using namespace sluice;

class Sha256Test : public QObject {
    Q_OBJECT

private slots:
    void theDigestEqualsThePublishedVectors_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("digest");
        QTest::newRow("empty") << QByteArray()
                               << QByteArray("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        QTest::newRow("abc") << QByteArray("abc")
                             << QByteArray("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        QTest::newRow("two blocks") << QByteArray("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
                                    << QByteArray("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    }

    void theDigestEqualsThePublishedVectors()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, digest);
        QCOMPARE(QByteArray::fromStdString(sha256Hex(bytes.toStdString())), digest);
    }

    void aZeroByteIsPartOfTheText() { QVERIFY(sha256Hex(std::string("a\0b", 3)) != sha256Hex("a")); }
};

QTEST_APPLESS_MAIN(Sha256Test)
#include "sha256_test.moc"
