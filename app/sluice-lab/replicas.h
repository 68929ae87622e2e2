// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "app/sluice-lab/child.h"
#include "app/sluice-lab/fault.h"
#include "app/sluice-lab/ledger.h"
#include "app/sluice-lab/loopback_port.h"

namespace sluice::app::lab {

using Clock = std::chrono::steady_clock;
using Say = std::function<void(const std::string&)>;

/// The replicas of both tracks, as a deployer sees them: an order says what should run, tick() gets there.
/// A replica that dies is started again. Main thread only.
class Replicas {
public:
    /// `program` is the sluice-lab binary.
    Replicas(Children& children, std::string program, Layout layout, Say say);

    Outcome reserve(int slotsPerTrack);
    /// Absolute and repeatable; without `instances` only the version changes. A running track gets the new version
    /// one replica after the other, each ready before the next is taken down.
    Outcome deploy(Track track, const std::string& version, std::optional<int> instances);
    void tick(Clock::time_point now);
    /// True when it was a replica.
    bool onExit(const ChildExit& ended, Clock::time_point now);

    /// In force for the replicas of the track, or one slot (from 1), until cleared, over restarts too.
    Outcome setFault(Track track, std::optional<int> number, const InjectedFault& fault);
    void clearFaults(std::optional<Track> track);
    /// "errors=10% on c1, c2; latency=+400ms on s1", or "no fault on any replica".
    std::string faultsText() const;

    bool settled() const; ///< everything that was ordered is ready
    std::vector<int> ports(Track track) const;
    std::vector<std::string> readySlots() const;
    std::optional<pid_t> processOf(const std::string& slot) const; ///< 0 = not running
    nlohmann::json status() const;
    nlohmann::json counts() const; ///< see Ledger

private:
    struct Slot {
        Track track{Track::Stable};
        int number{1};
        std::optional<LoopbackPort> port{};
        std::optional<SharedPage> page{};
        std::string version{};
        InjectedFault fault{};
        pid_t pid{0};
        bool owned{false}; ///< the kernel says that our process listens on the port
        bool draining{false};
        Clock::time_point readySince{};
        Clock::time_point startAt{};
        Clock::time_point killAt{};

        std::string name() const { return (track == Track::Stable ? "s" : "c") + std::to_string(number); }
        bool ready() const { return pid > 0 && owned && !draining; }
    };
    struct Wanted {
        std::string version{};
        int instances{0};
    };

    bool wantedSlot(const Slot& slot) const { return slot.number <= m_wanted.at(slot.track).instances; }
    bool mayReplace(const Slot& slot, Clock::time_point now) const;
    void start(Slot& slot, Clock::time_point now);
    void drain(Slot& slot, Clock::time_point now);
    void watchStart(Slot& slot, Clock::time_point now);

    Children& m_children;
    const std::string m_program;
    const Layout m_layout;
    const Say m_say;
    std::vector<Slot> m_slots{};
    std::map<Track, Wanted> m_wanted{};
    Ledger m_ended{}; ///< counts of replicas that do not run any more
};

} // namespace sluice::app::lab
