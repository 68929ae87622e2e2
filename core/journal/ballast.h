// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

// A file of real blocks beside the journal. On a full disk it is deleted, which leaves room to store a rollback.

namespace sluice::journal {

std::string ballastPath(const std::string& journal);

/// Makes it when it is missing and the disk has room. Having none is not an error.
void layBallast(const std::string& journal, int64_t bytes);

/// False = there was none to give up.
bool dropBallast(const std::string& journal);

/// Of whatever journals lie in the folder; for those who need room there and know no journal.
bool dropBallastIn(const std::string& folder);

} // namespace sluice::journal
