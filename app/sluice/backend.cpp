// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluice/backend.h"

#include <algorithm>
#include <utility>

#include "app/composition/identity.h"

namespace sluice::app {

namespace {

/// Screenshots of the demo show this instant, wherever and whenever they are made.
constexpr int64_t kPictureInstant = 1'795'271'526'000'000; // 2026-11-21T14:32:06Z

} // namespace

Result<Backend> openBackend(const ConsoleOptions& options, const std::function<void(Duration)>& progress)
{
    Backend backend;
    if (options.connections.empty()) {
        const bool picture = !options.screenshots.empty();
        auto demo = DemoFleet::create({.speed = options.speed,
                                       .start = picture ? wallTime(kPictureInstant) - DemoFleet::kPlayed : WallTime{},
                                       .frozen = picture,
                                       .progress = progress});
        if (!demo.ok()) return demo.error();
        backend.demo = std::move(demo).value();
        auto me = namedPerson(backend.demo->connections(), options.as.empty() ? "you" : options.as);
        if (!me.ok()) return me.error();
        backend.me = std::move(me).value();
        return backend;
    }
    const auto connections = loadConnections(options.connections);
    if (!connections.ok()) return connections.error();
    const bool lab = std::ranges::all_of(connections.value().targets, &TargetConfig::lab);
    auto me = identify(connections.value(), options.as, lab);
    if (!me.ok()) return me.error();
    backend.me = std::move(me).value();
    auto composition = Composition::start({.connectionsFile = options.connections,
                                           .store = options.store,
                                           .engineTitle = "the console (" + osLogin() + ")", // others read it, too
                                           .person = backend.me.person,
                                           .drive = options.screenshots.empty()});
    if (!composition.ok()) return composition.error();
    backend.composition = std::move(composition).value();
    return backend;
}

} // namespace sluice::app
