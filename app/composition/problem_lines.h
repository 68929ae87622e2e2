// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/model/problem.h"

namespace sluice::app {

/// One BadInput with a line for each problem ("file:line:column: path: what is wrong").
inline Error asError(const std::vector<Problem>& problems)
{
    std::string lines;
    for (const Problem& problem : problems)
        lines += (lines.empty() ? "" : "\n") + problemText(problem);
    return {Fault::BadInput, lines};
}

} // namespace sluice::app
