// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace sluice {

void checkFailed(const char* expression, const char* file, int line)
{
    std::fprintf(stderr, "sluice: internal promise broken: %s (%s:%d)\n", expression, file, line);
    std::abort();
}

} // namespace sluice
