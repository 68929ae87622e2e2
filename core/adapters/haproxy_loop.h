// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/adapters/haproxy_driver.h"
#include "core/adapters/haproxy_link.h"

namespace sluice::adapters {

/// All proxies of a router or of an emergency on one thread: services on the same address share one connection.
class HaproxyLoop {
public:
    explicit HaproxyLoop(const ports::Clock& clock)
        : m_clock(clock)
    {
    }

    HaproxyDriver& add(RouterBinding binding, HaproxyDriver::Post post, HaproxyDriver::Publish publish);
    const std::vector<std::unique_ptr<HaproxyDriver>>& drivers() const { return m_drivers; }

    /// Sends what was asked, waits for the world or for `wakeFd` (-1 = none), at most until `until`, and handles it.
    void step(int wakeFd, BootTime until);

private:
    const ports::Clock& m_clock;
    std::map<std::string, std::unique_ptr<HaproxyLink>> m_links{};
    std::vector<std::unique_ptr<HaproxyDriver>> m_drivers{};
};

} // namespace sluice::adapters
