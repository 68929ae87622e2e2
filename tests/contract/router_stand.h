// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/ports/traffic_router.h"

// One proxy and any number of routers on it, real or simulated, so that both are asked the same questions.

namespace sluice::contract {

inline const TargetId kTarget("checkout/production");

/// A router with what it has posted.
class RouterUnderTest {
public:
    virtual ~RouterUnderTest() = default;
    virtual ports::TrafficRouter& router() = 0;
    /// The newest fact that fits, of those posted from now on; none after ten seconds.
    virtual std::optional<rollout::ProxyFact> await(const std::function<bool(const rollout::ProxyFact&)>& fits) = 0;
};

class RouterStand {
public:
    virtual ~RouterStand() = default;
    /// Another engine's end.
    virtual std::unique_ptr<RouterUnderTest> connect() = 0;
    virtual void reload() = 0;
    virtual void freeze() = 0;
    virtual void thaw() = 0;
    /// Somebody else writes the limit under this epoch.
    virtual void foreignLimit(int64_t epoch, Weight limit) = 0;
};

std::unique_ptr<RouterStand> simulatedStand();
/// Debian's haproxy; null when it is not installed.
std::unique_ptr<RouterStand> haproxyStand();

} // namespace sluice::contract
