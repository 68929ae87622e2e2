// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/seeds/seed_runs.h"

#include <QProcess>
#include <QRegularExpression>
#include <QXmlStreamReader>

namespace sluice::seeds {

namespace {

constexpr int kRunMs = 600'000;
constexpr int kListMs = 30'000;

Result<QByteArray> outputOf(const QString& program, const QStringList& arguments, int atMostMs)
{
    QProcess process;
    process.start(program, arguments);
    if (!process.waitForFinished(atMostMs)) {
        process.kill();
        process.waitForFinished();
        return Error{Fault::Unreachable, (program + QStringLiteral(": ") + process.errorString()).toStdString()};
    }
    return process.readAllStandardOutput();
}

/// One <TestFunction>, up to its end.
SeedRun readFunction(QXmlStreamReader& xml)
{
    SeedRun run{.function = xml.attributes().value(QLatin1String("name")).toString(), .passed = true};
    run.row = rowOf(run.function);
    bool any = false;
    bool bad = false;
    while (xml.readNext() != QXmlStreamReader::EndElement || xml.name() != QLatin1String("TestFunction")) {
        if (xml.atEnd()) break;
        if (xml.isStartElement() && xml.name() == QLatin1String("Incident")) {
            any = true;
            bad = xml.attributes().value(QLatin1String("type")) != QLatin1String("pass");
        } else if (xml.isStartElement() && xml.name() == QLatin1String("Message")) {
            bad = xml.attributes().value(QLatin1String("type")) == QLatin1String("skip");
        } else if (xml.isStartElement() && xml.name() == QLatin1String("Description") && bad) {
            if (run.problem.isEmpty()) run.problem = xml.readElementText().simplified();
        }
        run.passed = run.passed && !bad;
    }
    run.passed = run.passed && any;
    return run;
}

} // namespace

QString rowOf(const QString& function)
{
    static const QRegularExpression id(QStringLiteral("^([A-Z])_([0-9]+)_([0-9]{2})_"));
    const auto match = id.match(function);
    return match.hasMatch() ? match.captured(1) + u'-' + match.captured(2) + u'.' + match.captured(3) : QString();
}

Result<std::vector<SeedRun>> parseSeedRuns(const QByteArray& text)
{
    std::vector<SeedRun> runs;
    QXmlStreamReader xml(text);
    while (!xml.atEnd()) {
        xml.readNext();
        if (!xml.isStartElement() || xml.name() != QLatin1String("TestFunction")) continue;
        SeedRun run = readFunction(xml);
        if (!run.row.isEmpty()) runs.push_back(std::move(run));
    }
    if (xml.hasError()) return Error{Fault::Unreachable, xml.errorString().toStdString()};
    return runs;
}

Result<std::vector<SeedRun>> runSeedTest(const QString& program)
{
    const auto said = outputOf(program, {QStringLiteral("-o"), QStringLiteral("-,xml")}, kRunMs);
    if (!said.ok()) return said.error();
    auto runs = parseSeedRuns(said.value());
    if (!runs.ok()) return Error{runs.error().fault, program.toStdString() + ": " + runs.error().detail};
    return runs;
}

Result<std::vector<QString>> seedIdsOf(const QString& program)
{
    const auto said = outputOf(program, {QStringLiteral("-functions")}, kListMs);
    if (!said.ok()) return said.error();
    std::vector<QString> ids;
    for (const QString& line : QString::fromUtf8(said.value()).split(u'\n'))
        if (const QString id = rowOf(line.trimmed()); !id.isEmpty()) ids.push_back(id);
    return ids;
}

} // namespace sluice::seeds
