// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

#include <QRegularExpression>

#include "tests/tidy/checks.h"

namespace sluice::tidy {

namespace {

/// Kinds of files whose first line says the licence. The others cannot (JSON, pictures, prose) or are made to be
/// copied by users (playbooks).
bool saysLicence(const SourceFile& file)
{
    static const std::array endings = {".cpp", ".h",   ".cmake",        "CMakeLists.txt",
                                       ".sh",  ".qss", ".clang-format", ".clang-tidy"};
    return file.text.startsWith(QLatin1String("#!")) ||
           std::ranges::any_of(endings, [&](const char* ending) { return file.path.endsWith(QLatin1String(ending)); });
}

} // namespace

Findings checkLicenceLine(const SourceFile& file)
{
    if (!saysLicence(file)) return {};
    const int line = file.text.startsWith(QLatin1String("#!")) ? 1 : 0;
    const QString text = file.text.section(u'\n', line, line);
    if (text.contains(QLatin1String("SPDX-License-Identifier: GPL-3.0-or-later"))) return {};
    return {{file.path, line + 1, QStringLiteral("begin with SPDX-License-Identifier: GPL-3.0-or-later")}};
}

Findings checkWorkplaceWords(const SourceFile& file)
{
    // Written with gaps, so that this file does not find itself.
    static const QRegularExpression words(QStringLiteral(R"((?:^|[^\w.])/(?:work|root|home/\w+)/)"
                                                         R"(|\bshared/)"
                                                         R"((?:design|seeds|reference|tools|hooks)\b)"),
                                          QRegularExpression::MultilineOption);
    Findings out;
    for (auto it = words.globalMatch(file.text); it.hasNext();) {
        const auto match = it.next();
        out.push_back({file.path, file.lineAt(match.capturedStart() + 1),
                       QStringLiteral("%1: names a place outside the project; the project stands alone")
                           .arg(match.captured().trimmed())});
    }
    return out;
}

Findings checkMarkers(const SourceFile& file)
{
    static const QRegularExpression markers(QStringLiteral(R"(\b(TODO|FIXME|XXX|HACK)\b)"));
    Findings out;
    if (!file.isCpp()) return out;
    for (auto it = markers.globalMatch(file.comments); it.hasNext();) {
        const auto match = it.next();
        out.push_back({file.path, file.lineAt(match.capturedStart()),
                       QStringLiteral("%1: finish it, or write it into the issue").arg(match.captured())});
    }
    return out;
}

} // namespace sluice::tidy
