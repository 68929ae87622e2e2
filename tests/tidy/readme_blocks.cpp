// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/tidy/readme_blocks.h"

#include <optional>

#include <QRegularExpression>

namespace sluice::tidy {

namespace {

/// Ends what the script started, names the place of a failure, and waits for conditions with a deadline.
const char* const kPrelude = R"(set -euo pipefail
place=start
trap 'status=$?; kill $(jobs -p) 2>/dev/null || true; ((status == 0)) || echo "README.md:$place: exit $status"' EXIT
waitUntil() {
    local end=$((SECONDS + 90))
    until eval "$1" >/dev/null 2>&1; do
        if ((SECONDS >= end)); then
            echo "README.md:$place: 90 s, and still not: $1"
            eval "$1" || exit 97
        fi
        sleep 0.2
    done
}
)";

QString quoted(QString text)
{
    return u'\'' + text.replace(QStringLiteral("'"), QStringLiteral("'\\''")) + u'\'';
}

/// Goes through a document line by line and keeps what stands under a mark.
class Reader {
public:
    explicit Reader(QStringList& problems)
        : m_problems(problems)
    {
    }

    std::vector<ShellBlock> read(const QString& markdown)
    {
        const QStringList lines = markdown.split(u'\n');
        for (int i = 0; i < lines.size(); ++i)
            take(lines[i], i + 1);
        if (m_pending) m_problems << QStringLiteral("line %1: the marked block does not end").arg(m_pending->line);
        return m_blocks;
    }

private:
    void take(const QString& text, int line)
    {
        if (m_inside) {
            insideBlock(text);
        } else if (m_pending && text.trimmed() == u"```sh") {
            m_pending->line = line;
            m_inside = true;
        } else if (m_pending && !text.trimmed().isEmpty()) {
            m_problems << QStringLiteral("line %1: no ```sh block follows the mark").arg(m_pending->line);
            m_pending.reset();
            take(text, line);
        } else {
            mark(text, line);
        }
    }

    void insideBlock(const QString& text)
    {
        if (!text.startsWith(QLatin1String("```"))) {
            m_pending->lines << text;
            return;
        }
        m_blocks.push_back(*m_pending);
        m_pending.reset();
        m_inside = false;
    }

    void mark(const QString& text, int line)
    {
        static const QRegularExpression tested(
            QStringLiteral(R"(^\s*<!--\s*tested(\s+lab)?(?:\s+exit=(\d+))?\s*-->\s*$)"));
        static const QRegularExpression wait(QStringLiteral(R"(^\s*<!--\s*wait:\s*(.+?)\s*-->\s*$)"));
        if (const auto match = tested.match(text); match.hasMatch()) {
            m_pending = ShellBlock{
                .line = line, .expectedExit = match.captured(2).toInt(), .inLab = match.capturedLength(1) > 0};
        } else if (const auto waits = wait.match(text); waits.hasMatch()) {
            m_blocks.push_back({.line = line, .inLab = true, .isWait = true, .lines = {waits.captured(1)}});
        }
    }

    QStringList& m_problems;
    std::vector<ShellBlock> m_blocks{};
    std::optional<ShellBlock> m_pending{};
    bool m_inside{false};
};

} // namespace

std::vector<ShellBlock> testedBlocks(const QString& markdown, QStringList& problems)
{
    return Reader(problems).read(markdown);
}

bool isOnlyLookedUp(const QString& commandLine)
{
    static const QRegularExpression command(QStringLiteral(R"(^\s*(\./dev|sudo|apt|apt-get)\b)"));
    return command.match(commandLine).hasMatch();
}

QString runnableScript(const std::vector<ShellBlock>& blocks)
{
    QString script = QLatin1String(kPrelude);
    for (const ShellBlock& block : blocks) {
        script += QStringLiteral("place=%1\n").arg(block.line);
        for (const QString& line : block.lines) {
            if (block.isWait) {
                script += QStringLiteral("waitUntil ") + quoted(line);
            } else {
                script += isOnlyLookedUp(line) ? QStringLiteral(":") : line;
            }
            script += u'\n';
        }
    }
    return script;
}

} // namespace sluice::tidy
