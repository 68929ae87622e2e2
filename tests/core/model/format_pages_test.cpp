// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>

#include "core/model/connections.h"
#include "core/model/versions.h"
#include "tests/core/model/read_playbook.h"

using namespace sluice;
using namespace sluice::test;

namespace {

/// All YAML blocks of a page, one after the other.
std::string examplesOf(const char* page)
{
    QFile file(QStringLiteral(SLUICE_SOURCE_DIR) + QLatin1String("/core/model/") + QLatin1String(page));
    if (!file.open(QIODevice::ReadOnly)) qFatal("%s cannot be read", page);
    const QByteArray text = file.readAll();
    QByteArray examples;
    for (qsizetype at = text.indexOf("```yaml\n"); at >= 0; at = text.indexOf("```yaml\n", at + 1)) {
        const qsizetype begin = at + 8;
        examples += text.mid(begin, text.indexOf("```", begin) - begin);
    }
    return examples.toStdString();
}

} // namespace

class FormatPagesTest : public QObject {
    Q_OBJECT

private slots:
    void theExamplesOfThePlaybookPageAreOnePlaybook()
    {
        const std::string examples = examplesOf("PLAYBOOK.md");
        QCOMPARE(QByteArray::fromStdString(problemsOf(examples)), QByteArray());
        QCOMPARE(playbookOf(examples)->stages.size(), size_t{3});
    }

    void theExamplesOfTheConnectionsPageAreOneFile()
    {
        const auto read = readConnections(examplesOf("CONNECTIONS.md"), "c.yaml", "/srv");
        QCOMPARE(read.index() == 0 ? QByteArray() : QByteArray::fromStdString(lines(std::get<1>(read))), QByteArray());
        QCOMPARE(std::get<0>(read).targets.size(), size_t{1});
    }

    void theExampleOfTheVersionsPageIsOneFile()
    {
        const auto read = readVersions(examplesOf("VERSIONS.md"), "v.yaml");
        QCOMPARE(read.index() == 0 ? QByteArray() : QByteArray::fromStdString(lines(std::get<1>(read))), QByteArray());
        QCOMPARE(std::get<0>(read).versions.size(), size_t{4});
    }
};

QTEST_APPLESS_MAIN(FormatPagesTest)
#include "format_pages_test.moc"
