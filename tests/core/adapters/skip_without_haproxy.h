// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdio>

#include <QTest>

#include "tests/core/adapters/real_haproxy.h"

namespace sluice::test {

/// For initTestCase(): where there is no HAProxy all tests of the program are skipped, and it is said.
inline void skipWithoutHaproxy()
{
    if (RealHaproxy::installed()) return;
    std::puts("SKIPPED: /usr/sbin/haproxy is not installed");
    QSKIP("SKIPPED: /usr/sbin/haproxy is not installed");
}

} // namespace sluice::test
