// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "tests/tidy/source_file.h"

// One function a house rule. Each looks at one file, and has bad and good samples in a test of its own. There is no
// list of exceptions: a rule that does not fit is changed here, for everybody, with its reason.

namespace sluice::tidy {

using Findings = std::vector<Finding>;
using Check = Findings (*)(const SourceFile&);

// arrows.cpp
Findings checkIncludeArrows(const SourceFile& file);
Findings checkQtFreeRooms(const SourceFile& file);
Findings checkPureRooms(const SourceFile& file);

// lengths.cpp
constexpr int kLongestFunction = 60;
constexpr int kLongestFile = 400;
Findings checkFunctionLength(const SourceFile& file);
Findings checkFileLength(const SourceFile& file);

// calls.cpp
Findings checkSleepInTests(const SourceFile& file);
Findings checkClockAndRandomness(const SourceFile& file);
Findings checkQtTraps(const SourceFile& file);
Findings checkGlobs(const SourceFile& file);

// texts.cpp
Findings checkLicenceLine(const SourceFile& file);
Findings checkWorkplaceWords(const SourceFile& file);
Findings checkMarkers(const SourceFile& file);

// people.cpp
Findings checkUntranslatedText(const SourceFile& file);
Findings checkAccessibleNames(const SourceFile& file);

} // namespace sluice::tidy
