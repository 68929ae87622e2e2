// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/seeds/seed_release.h"

#include <algorithm>
#include <cmath>

namespace sluice::seeds {

namespace {

constexpr double kRequestsPerSecond = 1e8;
constexpr double kP95Sigmas = 1.6448536269514722; // of a normal distribution

double medianFor(double p95, double sigma)
{
    return p95 / std::exp(kP95Sigmas * sigma);
}

} // namespace

SeedRelease::SeedRelease(const std::string& playbook)
{
    m_release.service->requestsPerSecond = kRequestsPerSecond;
    SLUICE_CHECK(m_release.start("v2.4.0", playbook).ok());
}

void SeedRelease::canaryP95(double ms)
{
    sim::Behaviour& behaviour = m_release.service->canaryBehaviour;
    behaviour.latencyMedianMs = medianFor(ms, behaviour.latencySpread);
}

void SeedRelease::stableP95(double ms)
{
    sim::Behaviour& behaviour = m_release.service->stableBehaviour;
    behaviour.latencyMedianMs = medianFor(ms, behaviour.latencySpread);
}

std::string SeedRelease::because() const
{
    return state().rollback ? state().rollback->because : std::string();
}

Weight SeedRelease::shareSeen() const
{
    Weight most = Weight::none();
    for (const auto& [name, proxy] : m_release.service->proxies)
        most = std::max(most, proxy.maint() ? Weight::none() : proxy.limit());
    return most;
}

} // namespace sluice::seeds
