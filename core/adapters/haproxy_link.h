// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <poll.h>

#include "core/adapters/haproxy_address.h"
#include "core/adapters/haproxy_connection.h"
#include "core/ports/clock.h"

namespace sluice::adapters {

class HaproxyDriver;

/// The warm connection to one proxy, shared by all services on it: connects, finds the maps, notices reloads, reopens.
/// Belongs to the thread of its loop; never blocks.
///
/// After a reload a warm connection stays with the old worker. Each read-back therefore ends with `show info`: a
/// stopping worker, another Pid or the end of the stream reopens, and nothing read from a stopping worker counts.
///
/// A silent proxy keeps its connection (see HaproxyConnection). Beside it a second one asks only `show info`; when
/// that one is answered while the first stays silent, the first hangs on a dead worker or a dead path and is given up.
class HaproxyLink {
public:
    static constexpr Duration kPollEvery = std::chrono::seconds(1);
    static constexpr Duration kCommandLimit = std::chrono::seconds(2); ///< then the proxy counts as unreachable
    static constexpr Duration kProbeGrace = std::chrono::milliseconds(250);
    static constexpr Duration kProbeLimit = std::chrono::seconds(10); ///< then another probe is tried
    static constexpr Duration kRetryFirst = std::chrono::milliseconds(50);
    static constexpr Duration kRetryMost = std::chrono::seconds(1);

    HaproxyLink(std::string address, const ports::Clock& clock);
    ~HaproxyLink();

    const std::string& address() const { return m_address; }
    void attach(HaproxyDriver* driver) { m_drivers.push_back(driver); }

    // For drivers.
    bool ready() const { return m_ready; } ///< the maps are known and the worker was not stopping
    bool silent() const { return m_silent; }
    const std::vector<std::string>& mapFiles() const { return m_mapFiles; }
    HaproxyConnection& connection() { return *m_main; }
    /// Ends a round of reads: after one `show info` behind them the driver hears onRound(round, worker).
    /// `urgent` as the reads were asked, so that it stays behind them.
    void endRound(HaproxyDriver* driver, uint64_t round, bool urgent)
    {
        (urgent ? m_urgentRounds : m_rounds).emplace_back(driver, round);
    }

    // For the loop.
    void addPolls(std::vector<pollfd>& polls) const;
    void onPoll(const pollfd& poll);
    void onTime();
    BootTime nextTime() const;
    /// Sends what the drivers asked since the last call.
    void flush();

private:
    using Rounds = std::vector<std::pair<HaproxyDriver*, uint64_t>>;

    bool wanted() const;
    void openMain();
    void discover();
    void onInfo(const std::string& reply, const Rounds& waiting);
    void down(const std::string& why);
    void checkSilence(BootTime now);
    void askInfo(Rounds& rounds, bool urgent);
    void openProbe();
    void adoptProbe();

    const std::string m_address;
    const ports::Clock& m_clock;
    std::optional<AddressLookup> m_lookup{};
    std::string m_problem{}; ///< why the last attempt failed
    std::unique_ptr<HaproxyConnection> m_main;
    std::unique_ptr<HaproxyConnection> m_probe;
    std::vector<HaproxyDriver*> m_drivers{};
    std::vector<std::string> m_mapFiles{};
    Rounds m_rounds{}; ///< waiting for the next `show info`
    Rounds m_urgentRounds{};
    bool m_ready{false};
    bool m_silent{false};
    int m_failures{0}; ///< attempts in a row that did not lead to a usable connection
    BootTime m_retryAt{};
    BootTime m_nextPoll{};
    std::optional<BootTime> m_probeAnsweredAt{};
};

} // namespace sluice::adapters
