// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/engine/engine.h"
#include "core/model/connections.h"
#include "core/ports/clock.h"

namespace sluice::app {

/// `sluice --demo`: eight simulated services under a real engine and a real journal in a temporary folder, seeded, with
/// a time factor. The first hour is played forward before anybody looks: one release waits for an approval in the
/// "watch" band, one bakes, one goes back, finished ones are in the history.
class DemoFleet {
public:
    /// What is played forward.
    static constexpr Duration kPlayed = std::chrono::minutes(62);

    struct Options {
        uint64_t seed{7};
        double speed{1.0};  ///< simulated seconds per real second
        WallTime start{};   ///< zero = kPlayed before now; screenshots give a fixed instant
        bool frozen{false}; ///< the world stands still after what is played forward (screenshots)
        std::function<void(Duration played)> progress{}; ///< called at the begin and after each minute of kPlayed
    };

    /// Blocks for the playing forward: some seconds of one core, more on a busy machine. Everything ends with the
    /// object.
    static Result<std::unique_ptr<DemoFleet>> create(const Options& options);
    ~DemoFleet();

    engine::Engine& engine();
    const Connections& connections() const;
    /// The simulated clock, as of the last engine step.
    const ports::Clock& clock() const;
    /// From now on time passes.
    void run();

private:
    struct World;
    explicit DemoFleet(std::unique_ptr<World> world);
    std::unique_ptr<World> m_world;
};

} // namespace sluice::app
