// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/tidy/readme_blocks.h"

#include <algorithm>
#include <optional>

#include <QRegularExpression>

namespace sluice::tidy {

std::vector<ShellBlock> testedBlocks(const QString& markdown, QStringList& problems)
{
    static const QRegularExpression mark(QStringLiteral(R"(^\s*<!--\s*tested(?:\s+exit=(\d+))?\s*-->\s*$)"));
    std::vector<ShellBlock> out;
    std::optional<ShellBlock> pending;
    bool inside = false;
    const QStringList lines = markdown.split(u'\n');
    for (int i = 0; i < lines.size(); ++i) {
        const QString& text = lines[i];
        const bool fence = text.startsWith(QLatin1String("```"));
        if (inside && fence) {
            out.push_back(*pending);
            pending.reset();
            inside = false;
        } else if (inside) {
            pending->lines << text;
        } else if (const auto match = mark.match(text); match.hasMatch()) {
            pending = ShellBlock{.line = i + 2, .expectedExit = match.captured(1).toInt()};
        } else if (pending && text.trimmed() == u"```sh") {
            pending->line = i + 1;
            inside = true;
        } else if (pending && !text.trimmed().isEmpty()) {
            problems << QStringLiteral("line %1: no ```sh block follows the mark").arg(pending->line - 1);
            pending.reset();
        }
    }
    if (pending) problems << QStringLiteral("line %1: the marked block does not end").arg(pending->line);
    return out;
}

bool isOnlyLookedUp(const QString& commandLine)
{
    static const QRegularExpression command(QStringLiteral(R"(^\s*(\./dev|sudo|apt|apt-get)\b)"));
    return command.match(commandLine).hasMatch();
}

QString runnableScript(const ShellBlock& block)
{
    QStringList lines;
    for (const QString& line : block.lines)
        lines << (isOnlyLookedUp(line) ? QStringLiteral(":") : line);
    return lines.join(u'\n');
}

} // namespace sluice::tidy
