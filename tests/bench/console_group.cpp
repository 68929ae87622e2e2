// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <csignal>
#include <optional>
#include <string>
#include <vector>

#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QThread>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "tests/bench/groups.h"
#include "tests/bench/measure.h"

namespace sluice::bench {

namespace {

constexpr int kStartMs = 30'000;
constexpr int kStarts = 5;
constexpr int kSettleMs = 3'000;
constexpr int kIdleSeconds = 15;

QString programPath(const char* name)
{
    return QStringLiteral(SLUICE_BIN_DIR "/") + QString::fromLatin1(name);
}

bool installed(const char* path)
{
    return QFile::exists(QString::fromLatin1(path));
}

/// A program of ours that ends with the object, and with us.
class Child {
public:
    Child(const QString& program, const QStringList& arguments, const QProcessEnvironment& environment)
    {
        m_process.setProcessEnvironment(environment);
        m_process.setProcessChannelMode(QProcess::MergedChannels);
        m_process.setChildProcessModifier([] { prctl(PR_SET_PDEATHSIG, SIGTERM); });
        m_process.start(program, arguments);
    }
    ~Child()
    {
        m_process.terminate();
        if (!m_process.waitForFinished(10'000)) m_process.kill();
        m_process.waitForFinished(10'000);
    }
    /// Reads until the output holds this text; false after the limit or when the program ended.
    bool says(const char* text, int limitMs)
    {
        const double deadline = seconds() + limitMs / 1e3;
        while (seconds() < deadline) {
            m_said += m_process.readAll();
            if (m_said.contains(text)) return true;
            if (m_process.state() == QProcess::NotRunning) return false;
            m_process.waitForReadyRead(100);
        }
        return false;
    }
    QByteArray output() const { return m_said; }
    std::string proc(const char* file) const
    {
        QFile in(QStringLiteral("/proc/%1/%2").arg(m_process.processId()).arg(QString::fromLatin1(file)));
        return in.open(QIODevice::ReadOnly) ? in.readAll().toStdString() : std::string();
    }
    double residentMb() const
    {
        const std::string status = proc("status");
        const size_t at = status.find("VmRSS:");
        return at == std::string::npos ? 0 : std::stod(status.substr(at + 6)) / 1024;
    }
    /// User and system time so far, s: fields 14 and 15; the second is the name in brackets.
    double cpuSeconds() const
    {
        const std::string stat = proc("stat");
        const auto fields = QString::fromStdString(stat.substr(stat.find(')') + 2)).split(QLatin1Char(' '));
        return (fields.at(11).toDouble() + fields.at(12).toDouble()) / static_cast<double>(sysconf(_SC_CLK_TCK));
    }

private:
    QProcess m_process{};
    QByteArray m_said{};
};

/// Qt itself says when it hands the first painted pixels of a window over.
QProcessEnvironment windowEnvironment()
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
    environment.insert(QStringLiteral("QT_LOGGING_RULES"), QStringLiteral("qt.widgets.painting.info=true"));
    environment.insert(QStringLiteral("QT_FORCE_STDERR_LOGGING"), QStringLiteral("1"));
    return environment;
}

struct Start {
    double paint{0}; ///< from fork to the first flush, s
    double memory{0};
};

std::optional<Start> start(const QString& program, const QStringList& arguments, bool settle)
{
    const double begin = seconds();
    Child child(program, arguments, windowEnvironment());
    if (!child.says("Flushing", kStartMs)) return std::nullopt;
    Start out{.paint = seconds() - begin, .memory = 0};
    if (settle) QThread::msleep(kSettleMs);
    out.memory = child.residentMb();
    return out;
}

void starts(Sheet& sheet, const QStringList& console)
{
    std::vector<double> ours;
    std::vector<double> bare;
    double ourMemory = 0;
    double bareMemory = 0;
    for (int round = 0; round <= kStarts; ++round) { // the first reads the programs from the disk
        const auto one = start(programPath("sluice"), console, round == kStarts);
        const auto other = start(programPath("sluice-bench-window"), {}, round == kStarts);
        if (!one || !other) {
            for (const char* bar : {"console-paint", "console-memory"})
                sheet.skip(bar, "a window did not paint within 30 s");
            return;
        }
        if (round == 0) continue;
        ours.push_back(one->paint);
        bare.push_back(other->paint);
        ourMemory = one->memory;
        bareMemory = other->memory;
    }
    sheet.put("console-paint", median(ours) / median(bare),
              fmt::format("from the start of the process: console {:.0f} ms, bare window {:.0f} ms", median(ours) * 1e3,
                          median(bare) * 1e3));
    sheet.put("console-memory", ourMemory / bareMemory,
              fmt::format("resident after 3 s: console {:.1f} MB, bare window {:.1f} MB", ourMemory, bareMemory));
}

/// The console on a real lab in which nothing is released: it drives, polls and shows.
void idle(Sheet& sheet, const QStringList& console)
{
    Child child(programPath("sluice"), console, windowEnvironment());
    if (!child.says("Flushing", kStartMs)) return sheet.skip("console-idle", "the window did not paint within 30 s");
    QThread::msleep(kSettleMs);
    const double before = child.cpuSeconds();
    QThread::sleep(kIdleSeconds);
    const double share = (child.cpuSeconds() - before) / kIdleSeconds * 100;
    sheet.put("console-idle", share, fmt::format("CPU of the whole process over {} s on an idle lab", kIdleSeconds));
}

void measureConsole(Sheet& sheet)
{
    const auto skip = [&sheet](const char* why) {
        for (const char* bar : {"console-idle", "console-paint", "console-memory"})
            sheet.skip(bar, why);
    };
    for (const char* path : {"/usr/sbin/haproxy", "/usr/bin/prometheus"})
        if (!installed(path)) return skip(fmt::format("{} is not installed", path).c_str());
    const QTemporaryDir folder;
    Child lab(programPath("sluice-lab"), {QStringLiteral("up"), QStringLiteral("--dir"), folder.path()},
              QProcessEnvironment::systemEnvironment());
    if (!lab.says("lab ready", kStartMs)) return skip("the lab did not come up within 30 s");
    const QStringList console = {QStringLiteral("--connections"), folder.filePath(QStringLiteral("connections.yaml"))};
    starts(sheet, console);
    idle(sheet, console);
}

std::optional<double> secondsIn(const QByteArray& text, const char* expression)
{
    const QRegularExpressionMatch match =
        QRegularExpression(QString::fromLatin1(expression)).match(QString::fromUtf8(text));
    if (!match.hasMatch()) return std::nullopt;
    const double value = match.captured(1).toDouble();
    return match.captured(2) == QLatin1String("ms") ? value / 1e3 : value;
}

/// A real release in a real lab: Prometheus scrapes every second, and the canary goes bad at 10 %. From the first
/// scraped sample beyond the limit to the last proxy read back at zero, minus the `for` that the trigger waits.
void breach(Sheet& sheet)
{
    for (const char* path : {"/usr/sbin/haproxy", "/usr/bin/prometheus"})
        if (!installed(path)) return sheet.skip("breach", fmt::format("{} is not installed", path));
    const QTemporaryDir folder;
    Child job(programPath("sluice-lab"),
              {QStringLiteral("main-job"), QStringLiteral("--dir"), folder.filePath(QStringLiteral("job")),
               QStringLiteral("--fault"), QStringLiteral("errors=10%@10%")},
              QProcessEnvironment::systemEnvironment());
    const bool ended = job.says("decision to verified zero", 120'000) && job.says("journal:", 10'000);
    const auto detection = secondsIn(job.output(), "detection: ([0-9.]+) (m?s)");
    const auto verified = secondsIn(job.output(), "decision to verified zero: ([0-9.]+) (m?s)");
    const auto held = secondsIn(job.output(), "fired: .* for ([0-9.]+) (m?s)");
    if (!ended || !detection || !verified) return sheet.skip("breach", "the lab's release was not rolled back in time");
    sheet.put(
        "breach", std::max(0.0, *detection - held.value_or(0)) + *verified,
        fmt::format("scraped every second: decided {:.1f} s after the first bad sample, of which {:.1f} s are the "
                    "trigger's own; verified {:.0f} ms later",
                    *detection, held.value_or(0), *verified * 1e3));
}

} // namespace

Group breachGroup()
{
    return {
        .name = "breach",
        .bars = {{"breach", "breach in Prometheus to zero, minus `for`, in scrape intervals", Sense::AtMost, 2, ""}},
        .measure = breach};
}

Group consoleGroup()
{
    return {
        .name = "console",
        .bars = {{"console-idle", "CPU of an idle console", Sense::AtMost, 2, "% of a core"},
                 {"console-paint", "first paint of the console against a bare Qt Charts window", Sense::AtMost, 3, "x"},
                 {"console-memory", "memory of the console against a bare Qt Charts window", Sense::AtMost, 2.5, "x"}},
        .measure = measureConsole};
}

} // namespace sluice::bench
