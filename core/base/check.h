// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace sluice {

/// Prints the broken promise and aborts. A bug stops the engine, in release builds too: the base
/// configuration of every proxy holds the safe state, a wrong engine does not.
[[noreturn]] void checkFailed(const char* expression, const char* file, int line);

} // namespace sluice

#define SLUICE_CHECK(expression)                                                                                       \
    (static_cast<bool>(expression) ? static_cast<void>(0) : ::sluice::checkFailed(#expression, __FILE__, __LINE__))
