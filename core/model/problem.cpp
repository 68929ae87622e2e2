// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/problem.h"

namespace sluice {

std::string problemText(const Problem& problem)
{
    std::string text = problem.file;
    if (problem.line > 0) text += ":" + std::to_string(problem.line) + ":" + std::to_string(problem.column);
    text += ": ";
    if (!problem.path.empty()) text += problem.path + ": ";
    return text + problem.message;
}

} // namespace sluice
