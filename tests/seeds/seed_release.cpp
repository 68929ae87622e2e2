// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/seeds/seed_release.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "core/model/playbook_reader.h"

namespace sluice::seeds {

namespace {

constexpr double kRequestsPerSecond = 1e8;
constexpr double kUsers = 1e7;
constexpr double kP95Sigmas = 1.6448536269514722; // of a normal distribution

double medianFor(double p95, double sigma)
{
    return p95 / std::exp(kP95Sigmas * sigma);
}

/// The text without a top-level key and what is indented under it.
std::string withoutBlock(const std::string& text, const std::string& key)
{
    if (key.empty()) return text;
    std::istringstream lines(text);
    std::string kept;
    bool inside = false;
    for (std::string line; std::getline(lines, line);) {
        if (!line.empty() && line[0] != ' ' && line[0] != '#') inside = line.starts_with(key + ":");
        if (!inside) kept += line + "\n";
    }
    SLUICE_CHECK(kept.size() < text.size());
    return kept;
}

} // namespace

SeedRelease::SeedRelease(const std::string& playbook, const std::string& without)
{
    sim::SimulatedService& world = *m_release.service;
    world.requestsPerSecond = kRequestsPerSecond;
    world.users = kUsers;
    // With so many requests even one failure in a million would be many: what is healthy fails nothing.
    for (sim::Behaviour* behaviour : {&world.stableBehaviour, &world.canaryBehaviour})
        behaviour->errorRate = behaviour->paymentFailure = 0;
    const auto& books = builtInPlaybooks();
    const auto book = std::ranges::find(books, playbook, &BuiltInPlaybook::name);
    SLUICE_CHECK(book != books.end());
    if (book->text.find("database_connections") != std::string_view::npos) { // only who watches them pays for them
        world.stable.exportEverything();
        world.canary.exportEverything();
    }
    SLUICE_CHECK(m_release.start("v2.4.0", playbook, withoutBlock(std::string(book->text), without)).ok());
}

double SeedRelease::canaryRequests() const
{
    return kRequestsPerSecond * static_cast<double>(shareSeen().ppm()) / kMillion;
}

bool SeedRelease::runUntilBeyond(const std::string& trigger, Duration limit)
{
    const auto beyond = [&] {
        const auto& all = assessment().triggers;
        const auto found = std::ranges::find(all, trigger, &analysis::TriggerStatus::id);
        return found != all.end() &&
               (found->state == analysis::TriggerState::Pending || found->state == analysis::TriggerState::Firing);
    };
    return m_release.until([&] { return state().rollback || beyond(); }, limit);
}

void SeedRelease::canaryClientErrors(double share)
{
    canary().growing["http_requests_total;code=404"] = canaryRequests() * share / (1 - share);
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
