// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/model/connections.h"
#include "core/model/versions.h"
#include "core/ports/clock.h"
#include "core/ports/journal.h"
#include "core/ports/metric_source.h"
#include "core/ports/safety_files.h"
#include "core/ports/traffic_router.h"
#include "core/ports/workload_controller.h"

namespace sluice::engine {

/// Everything an engine works with. Built by the composition root or by the simulation; the pointers outlive the
/// engine. `sink` of every port is EngineCore::sink().
struct EngineParts {
    Connections connections{};
    std::string engineId{};    ///< unique per process, e.g. "console-4711-9f3a"
    std::string engineTitle{}; ///< for people: "this console", "sluicectl engine"
    PersonId person{};         ///< who runs it
    bool drive{true};          ///< false: only ever observe
    bool demo{false};
    bool shareLive{true}; ///< false: no other process can open the store, so no picture is kept for observers
    const ports::Clock* clock{nullptr};
    ports::Journal* journal{nullptr};
    ports::SampleStore* samples{nullptr}; ///< may be null: no charts for observers, no history charts
    ports::SafetyFiles* safety{nullptr};
    ports::EmergencyPath* emergency{nullptr};
    ports::TrafficRouter* router{nullptr};
    ports::HealthProbe* health{nullptr}; ///< may be null
    std::map<std::string, ports::MetricSource*> sources{};
    std::map<std::string, ports::WorkloadController*> deployers{};
    /// The versions of a target's service, read now from a small file; none where it keeps none. Engine thread. May be
    /// empty: then nothing is checked.
    std::function<Result<std::optional<VersionRegistry>>(const TargetConfig&)> versions{};
    /// A second connection for blocking reads of History, opened on the caller's thread.
    std::function<Result<std::unique_ptr<ports::Journal>>()> openJournal{};
    std::function<Result<std::unique_ptr<ports::SampleStore>>()> openSamples{};
};

// Limits, all in one place.
constexpr size_t kInputQueueLimit = 8192; // messages and commands waiting for one step
constexpr Duration kTick = std::chrono::milliseconds(250);
constexpr Duration kPollEvery = std::chrono::seconds(1);
constexpr Duration kInboxEvery = std::chrono::milliseconds(250);
constexpr Duration kRenewEvery = std::chrono::milliseconds(2500);
constexpr Duration kSelfStop = std::chrono::seconds(10); // without a renewal we stop before anybody may start
constexpr Duration kStall = std::chrono::seconds(3);     // a longer gap between ticks was not observed time
constexpr Duration kEndedShown = std::chrono::hours(1);
constexpr Duration kProxySilent = std::chrono::seconds(3);
constexpr size_t kLogLines = 200;
constexpr int kHistoryLimit = 2000; // newest rollouts looked through at a start or takeover
constexpr int kDecideRounds = 16;   // decide is asked again until it has nothing to add; more is a bug

} // namespace sluice::engine
