// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

namespace sluice::tidy {

namespace {

constexpr int kHelpMs = 20'000;

QString helpOf(const QString& program, const QStringList& command)
{
    QProcess process;
    process.start(QStringLiteral(SLUICE_BIN_DIR "/") + program, command + QStringList{QStringLiteral("--help")});
    if (!process.waitForFinished(kHelpMs) || process.exitCode() != 0) return {};
    return QString::fromUtf8(process.readAllStandardOutput());
}

QStringList captured(const QString& text, const char* pattern)
{
    QStringList out;
    const QRegularExpression expression(QLatin1String(pattern), QRegularExpression::MultilineOption);
    for (auto it = expression.globalMatch(text); it.hasNext();)
        out << it.next().captured(1);
    return out;
}

/// What a program says about itself: its commands ("store prune" for nested ones) and all its long options.
struct Surface {
    QSet<QString> commands{};
    QSet<QString> options{};
};

void read(const QString& program, const QStringList& command, Surface& surface)
{
    const QString help = helpOf(program, command);
    for (const QString& option : captured(help, R"((--[a-z][a-z-]+))"))
        surface.options << option;
    const QStringList below = captured(help.section(QStringLiteral("\nSubcommands:"), 1), R"(^  ([a-z][a-z-]*)\b)");
    if (below.isEmpty() && !command.isEmpty()) surface.commands << command.join(u' ');
    for (const QString& name : below)
        read(program, command + QStringList{name}, surface);
}

/// What its manual page says: .TP entries of COMMANDS and OPTIONS.
Surface manualOf(const QString& program)
{
    QFile file(QStringLiteral(SLUICE_SOURCE_DIR "/installer/man/%1.1").arg(program));
    if (!file.open(QIODevice::ReadOnly)) return {};
    const QString page = QString::fromUtf8(file.readAll()).replace(QStringLiteral("\\-"), QStringLiteral("-"));
    Surface surface;
    const QString commands = page.section(QStringLiteral(".SH COMMANDS"), 1).section(QStringLiteral("\n.SH "), 0, 0);
    for (const QString& name : captured(commands, R"(^\.TP\n\.B[RI]? "?([a-z][a-z-]*(?: [a-z][a-z-]*)?))"))
        surface.commands << name.trimmed();
    const QString options = page.section(QStringLiteral(".SH OPTIONS"), 1).section(QStringLiteral("\n.SH "), 0, 0);
    for (const QString& name : captured(options, R"(^\.TP\n\.B[RI]? "?(--[a-z][a-z-]+))"))
        surface.options << name;
    return surface;
}

QString sorted(QSet<QString> names)
{
    QStringList list(names.begin(), names.end());
    list.sort();
    return list.join(QStringLiteral(", "));
}

} // namespace

/// The manual pages say what the programs can, no more and no less.
class ManualTest : public QObject {
    Q_OBJECT

    static void programs()
    {
        QTest::addColumn<QString>("program");
        for (const QString& program : QStringLiteral(SLUICE_PROGRAMS).split(u','))
            QTest::newRow(qPrintable(program)) << program;
    }

    static Surface surfaceOf(const QString& program)
    {
        Surface surface;
        read(program, {}, surface);
        surface.options.remove(QStringLiteral("--help"));
        return surface;
    }

private slots:
    void theManualNamesEveryCommand_data() { programs(); }
    void theManualNamesEveryCommand()
    {
        QFETCH(const QString, program);
        const Surface real = surfaceOf(program);
        const Surface manual = manualOf(program);
        QVERIFY2(!real.options.isEmpty(), "the program does not answer --help");
        QCOMPARE(sorted(manual.commands - real.commands), QString()); // promised, but not there
        QCOMPARE(sorted(real.commands - manual.commands), QString()); // there, but not told
    }

    void theManualNamesEveryOption_data() { programs(); }
    void theManualNamesEveryOption()
    {
        QFETCH(const QString, program);
        const Surface real = surfaceOf(program);
        const Surface manual = manualOf(program);
        QCOMPARE(sorted(manual.options - real.options), QString()); // promised, but not there
        QCOMPARE(sorted(real.options - manual.options), QString()); // there, but not told
    }
};

} // namespace sluice::tidy

QTEST_GUILESS_MAIN(sluice::tidy::ManualTest)
#include "manual_test.moc"
