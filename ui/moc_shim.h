// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Only moc reads this file (CMake passes --include): moc 6.4 stops inside libstdc++'s <concepts> because it cannot
// read this attribute macro between `namespace std` and the brace.
#ifdef Q_MOC_RUN
#include <bits/c++config.h>
#undef _GLIBCXX_VISIBILITY
#define _GLIBCXX_VISIBILITY(V)
#endif
