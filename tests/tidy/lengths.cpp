// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/tidy/checks.h"
#include "tests/tidy/functions.h"

namespace sluice::tidy {

Findings checkFunctionLength(const SourceFile& file)
{
    Findings out;
    if (!file.isCpp()) return out;
    const Functions functions = functionsOf(file);
    if (!functions.balanced)
        out.push_back({file.path, 1,
                       QStringLiteral("the braces do not match, so functions cannot be measured; each branch of an #if "
                                      "has to close what it opens")});
    for (const FunctionSpan& span : functions.spans) {
        if (span.lines() > kLongestFunction)
            out.push_back({file.path, span.firstLine,
                           QStringLiteral("%1 has %2 lines, at most %3 are allowed: give its parts names of their own")
                               .arg(span.name)
                               .arg(span.lines())
                               .arg(kLongestFunction)});
    }
    return out;
}

Findings checkFileLength(const SourceFile& file)
{
    const bool script = file.text.startsWith(QLatin1String("#!"));
    if (!file.isCpp() && !script && !file.path.endsWith(QLatin1String(".sh"))) return {};
    const auto lines = static_cast<int>(file.text.count(u'\n')) + (file.text.endsWith(u'\n') ? 0 : 1);
    if (lines <= kLongestFile) return {};
    return {{file.path, kLongestFile + 1,
             QStringLiteral("the file has %1 lines, at most %2 are allowed: split it by meaning")
                 .arg(lines)
                 .arg(kLongestFile)}};
}

} // namespace sluice::tidy
