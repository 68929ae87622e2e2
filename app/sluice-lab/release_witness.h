// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/engine/engine.h"

namespace sluice::app::lab {

/// Watches one release, prints what happens, acts as the lab's person at the console, and proves each stage's share
/// with the services' own answers. One thread.
class ReleaseWitness {
public:
    ReleaseWitness(engine::Engine& engine, rollout::Actor person, std::vector<int> proxyPorts, int users)
        : m_engine(&engine)
        , m_person(std::move(person))
        , m_ports(std::move(proxyPorts))
        , m_users(users)
    {
    }

    /// Submits and waits for the answer (at most 10 s).
    Result<std::string> ask(rollout::Command command, const rollout::Actor& actor);
    /// Prints what is new, ticks, approves, measures. True once the rollout has ended.
    bool look(const RolloutId& id);
    /// The table of stages and the last lines; the exit code.
    int report(const RolloutId& id);

private:
    struct Share {
        Weight asked{};
        double observed{0}; ///< 1/10,000, as the services answered
        int users{0};
        bool good{false};
    };
    void printLog(const engine::RolloutView& view);
    void printWait(const engine::RolloutView& view);
    void tickPreItems(const engine::RolloutView& view);
    void approve(const engine::RolloutView& view);
    void measure(const engine::RolloutView& view);
    void printStages(const engine::RolloutView& view) const;
    int printEnd(const engine::RolloutView& view) const;

    engine::Engine* m_engine;
    rollout::Actor m_person;
    std::vector<int> m_ports;
    int m_users;
    int64_t m_printed{0};
    std::string m_wait{};
    std::set<std::string> m_ticked{};
    std::set<std::string> m_approved{}; ///< digests
    std::map<int, Share> m_shares{};
    std::map<int, std::vector<std::string>> m_approvals{}; ///< stage -> who
};

} // namespace sluice::app::lab
