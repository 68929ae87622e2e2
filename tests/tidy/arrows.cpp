// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

#include <QRegularExpression>
#include <QStringList>

#include "tests/tidy/checks.h"

namespace sluice::tidy {

namespace {

/// A room and the rooms or headers it may include besides its own: app -> ui -> core, and inside core
/// engine -> { journal, adapters, sim } -> ports -> rollout -> { analysis, policy } -> model -> base.
struct Room {
    const char* folder{""};
    std::vector<const char*> mayInclude{};
};

const std::vector<Room>& rooms()
{
    static const std::vector<Room> all = {
        {"core/base/", {}},
        {"core/model/", {"core/base/"}},
        {"core/analysis/", {"core/model/", "core/base/"}},
        {"core/policy/", {"core/model/", "core/base/"}},
        {"core/rollout/", {"core/analysis/", "core/policy/", "core/model/", "core/base/"}},
        {"core/ports/", {"core/rollout/", "core/analysis/", "core/policy/", "core/model/", "core/base/"}},
        {"core/journal/",
         {"core/ports/", "core/rollout/", "core/analysis/", "core/policy/", "core/model/", "core/base/"}},
        {"core/adapters/",
         {"core/ports/", "core/rollout/", "core/analysis/", "core/policy/", "core/model/", "core/base/"}},
        {"core/sim/", {"core/ports/", "core/rollout/", "core/analysis/", "core/policy/", "core/model/", "core/base/"}},
        {"core/engine/", {"core/"}},
        {"ui/",
         {"core/base/", "core/model/", "core/analysis/assessment.h", "core/analysis/judge.h", "core/analysis/series.h",
          "core/analysis/chart_pyramid.h", "core/rollout/ask_target.h", "core/rollout/command.h",
          "core/rollout/event.h", "core/rollout/input.h", "core/rollout/rollout.h", "core/rollout/wait_reason.h",
          "core/ports/journal.h", "core/engine/engine.h", "core/engine/snapshot.h"}},
        {"app/sluice/", {"app/", "ui/", "core/"}},
        {"app/", {"core/"}}, // the command line and the lab build without the console
        {"tests/", {"app/", "ui/", "core/"}},
    };
    return all;
}

const Room* roomOf(const SourceFile& file)
{
    const auto found = std::ranges::find_if(rooms(), [&](const Room& room) { return file.under(room.folder); });
    return found == rooms().end() ? nullptr : &*found;
}

struct Include {
    QString name{};
    bool quoted{false};
    int line{0};
};

std::vector<Include> includesOf(const SourceFile& file)
{
    static const QRegularExpression directive(QStringLiteral(R"(^[ \t]*#[ \t]*include[ \t]*(["<])([^">\n]+)[">])"),
                                              QRegularExpression::MultilineOption);
    std::vector<Include> out;
    for (auto it = directive.globalMatch(file.text); it.hasNext();) {
        const auto match = it.next();
        if (file.code[match.capturedStart(1)] != match.captured(1)) continue; // inside a comment or a literal
        out.push_back({match.captured(2), match.captured(1) == u"\"", file.lineAt(match.capturedStart(1))});
    }
    return out;
}

bool startsFromRoom(const QString& include)
{
    static const std::array tops = {"app/", "core/", "ui/", "tests/"};
    return std::ranges::any_of(tops, [&](const char* top) { return include.startsWith(QLatin1String(top)); });
}

bool allowed(const Room& room, const QString& include)
{
    if (include.startsWith(QLatin1String(room.folder))) return true;
    return std::ranges::any_of(room.mayInclude, [&](const char* from) {
        const QLatin1String prefix(from);
        return prefix.endsWith(u'/') ? include.startsWith(prefix) : include == prefix;
    });
}

QString mayIncludeText(const Room& room)
{
    QStringList names{QLatin1String(room.folder)};
    for (const char* name : room.mayInclude)
        names << QLatin1String(name);
    return names.join(QStringLiteral(", "));
}

bool isMoc(const SourceFile& file, const QString& include)
{
    const QString stem = file.path.section(u'/', -1).section(u'.', 0, 0);
    return include == stem + QStringLiteral(".moc");
}

bool isQt(const QString& include)
{
    static const QRegularExpression qt(QStringLiteral(R"(^(Qt\w*/|Q[A-Z]\w*$|q[a-z]+\.h$))"));
    return qt.match(include).hasMatch();
}

bool isQtFree(const SourceFile& file)
{
    return file.under("core/") || (file.under("app/") && !file.under("app/sluice/"));
}

} // namespace

Findings checkIncludeArrows(const SourceFile& file)
{
    Findings out;
    const Room* room = roomOf(file);
    if (!file.isCpp() || room == nullptr) return out;
    for (const Include& include : includesOf(file)) {
        const bool fromRoom = startsFromRoom(include.name);
        if (!include.quoted && fromRoom) {
            out.push_back(
                {file.path, include.line, QStringLiteral("write \"%1\", <> is for the system").arg(include.name)});
        } else if (include.quoted && !fromRoom && !isMoc(file, include.name)) {
            out.push_back({file.path, include.line,
                           QStringLiteral("\"%1\" has to be written from the root of the project").arg(include.name)});
        } else if (include.quoted && fromRoom && !allowed(*room, include.name)) {
            out.push_back({file.path, include.line,
                           QStringLiteral("%1 may not include %2; it may include %3")
                               .arg(QLatin1String(room->folder), include.name, mayIncludeText(*room))});
        }
    }
    return out;
}

Findings checkQtFreeRooms(const SourceFile& file)
{
    Findings out;
    if (!isQtFree(file)) return out;
    if (file.path.endsWith(QLatin1String("CMakeLists.txt"))) {
        const qsizetype at = file.code.indexOf(QLatin1String("Qt6::"));
        if (at >= 0)
            out.push_back({file.path, file.lineAt(at), QStringLiteral("this room is Qt-free: link no Qt here")});
        return out;
    }
    if (!file.isCpp()) return out;
    for (const Include& include : includesOf(file)) {
        if (isQt(include.name))
            out.push_back(
                {file.path, include.line,
                 QStringLiteral("<%1>: core and the programs without a window are Qt-free").arg(include.name)});
    }
    return out;
}

Findings checkPureRooms(const SourceFile& file)
{
    static const std::array pure = {"core/model/", "core/analysis/", "core/policy/", "core/rollout/"};
    static const QRegularExpression outside(QStringLiteral(
        R"(^(fstream|iostream|thread|mutex|condition_variable|future|random|sqlite3\.h|curl/.*|spdlog/.*|unistd\.h|fcntl\.h|sys/.*|netinet/.*|pthread\.h)$)"));
    Findings out;
    if (!file.isCpp() || std::ranges::none_of(pure, [&](const char* room) { return file.under(room); })) return out;
    for (const Include& include : includesOf(file)) {
        if (outside.match(include.name).hasMatch())
            out.push_back({file.path, include.line,
                           QStringLiteral("<%1>: this room is pure, it sees no file, thread, log, clock or chance")
                               .arg(include.name)});
    }
    return out;
}

} // namespace sluice::tidy
