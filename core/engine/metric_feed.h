// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <set>
#include <string>

#include "core/analysis/judge.h"
#include "core/engine/snapshot.h"
#include "core/ports/metric_source.h"

namespace sluice::engine {

/// One metric source as the engine sees it: what it asks for, what came, and how old that is.
class MetricFeed {
public:
    /// No window reaches further back, and a source may not hold more of so many series in one answer.
    static constexpr Duration kReach = std::chrono::minutes(65);

    explicit MetricFeed(ports::MetricSource& source)
        : m_source(&source)
    {
    }

    /// Series wanted by all rollouts on this source; one request a second whatever their number.
    void want(const std::vector<std::string>& names);
    void clearWanted() { m_names.clear(); }
    void pollIfDue(Now now);
    /// Asks for the last `range`, at most kReach.
    void backfill(Duration range);
    void take(const ports::MetricAnswer& answer);

    const analysis::SeriesStore& store() const { return m_store; }
    /// The source's clock now: its time at the last answer plus what has passed since.
    WallTime sourceTime(Now now) const;
    bool answered() const { return m_answered; }
    /// A backfill asked for after a start has come in; only then is anything judged.
    bool backfilled() const { return m_backfilled; }
    SourceStatus status(Now now) const;

private:
    ports::MetricSource* m_source;
    analysis::SeriesStore m_store{kReach};
    std::set<std::string> m_names{};
    BootTime m_nextPoll{};
    WallTime m_serverTime{};
    BootTime m_arrivedAt{};
    bool m_answered{false};
    bool m_backfilled{false};
    std::string m_problem{};
};

} // namespace sluice::engine
