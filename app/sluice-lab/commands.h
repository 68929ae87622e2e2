// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <nlohmann/json.hpp>

#include "app/sluice-lab/lab_parts.h"
#include "app/sluice-lab/load.h"

namespace sluice::app::lab {

/// Answers the requests of the control socket. Main thread only.
class Commands {
public:
    Commands(LabParts& parts, Say say)
        : m_parts(parts)
        , m_say(std::move(say))
    {
    }

    nlohmann::json answer(const nlohmann::json& request);
    /// Puts faults into force whose weight the canary has reached.
    void tick(Clock::time_point now);

    void setReady() { m_ready = true; }
    void setLoad(const LoadGenerator* load) { m_load = load; }
    bool endAsked() const { return m_endAsked; }

private:
    struct PendingFault {
        Track track{Track::Canary};
        std::optional<int> number{};
        FaultOrder order{};
    };
    Result<nlohmann::json> dispatch(const nlohmann::json& request);
    Outcome deploy(const nlohmann::json& request);
    Outcome setFault(const nlohmann::json& request);
    Outcome clear(const nlohmann::json& request);
    /// What holds on which replicas after it.
    Result<nlohmann::json> withFaults(const Outcome& outcome) const;
    nlohmann::json status() const;
    nlohmann::json stats() const;

    LabParts& m_parts;
    const Say m_say;
    const LoadGenerator* m_load{nullptr};
    const Clock::time_point m_begin{Clock::now()};
    bool m_ready{false};
    bool m_endAsked{false};
    std::vector<PendingFault> m_pending{};
    Clock::time_point m_nextLook{};
};

} // namespace sluice::app::lab
