// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/metric_feed.h"

#include <algorithm>

#include "core/engine/engine_parts.h"

namespace sluice::engine {

namespace {

/// A poll asks for the last three scrapes; whoever was silent for longer has missed some.
constexpr Duration kMissed = std::chrono::seconds(3);
constexpr Duration kOverlap = std::chrono::seconds(10); ///< scrapes that were late, and both clocks

} // namespace

void MetricFeed::want(const std::vector<std::string>& names)
{
    m_names.insert(names.begin(), names.end());
}

void MetricFeed::pollIfDue(Now now)
{
    if (m_names.empty() || now.boot < m_nextPoll) return;
    m_nextPoll = std::max(m_nextPoll + kPollEvery, now.boot + kPollEvery / 2);
    const Duration silent = m_answered ? now.boot - m_arrivedAt : Duration(0);
    // The range missed comes before the newest samples: older ones are not taken once newer ones are there.
    if (silent > std::max(kMissed, 3 * m_store.interval()))
        backfill(silent + kOverlap);
    else
        m_source->poll({m_names.begin(), m_names.end()});
}

void MetricFeed::backfill(Duration range)
{
    if (m_names.empty()) return;
    m_source->backfill({m_names.begin(), m_names.end()}, std::min(range, kReach));
}

void MetricFeed::take(const ports::MetricAnswer& answer)
{
    if (!answer.batch.ok()) {
        m_problem = answer.batch.error().detail;
        return;
    }
    const analysis::RawBatch& batch = answer.batch.value();
    m_problem = batch.warnings.empty() ? std::string() : batch.warnings.front();
    m_store.add(batch);
    if (answer.backfill) m_backfilled = true;
    m_serverTime = batch.serverTime;
    m_arrivedAt = batch.arrivedAt;
    m_answered = true;
}

WallTime MetricFeed::sourceTime(Now now) const
{
    if (!m_answered) return now.wall;
    return m_serverTime + (now.boot - m_arrivedAt);
}

SourceStatus MetricFeed::status(Now now) const
{
    SourceStatus status{.name = m_source->name(), .kind = "metrics", .problem = m_problem};
    if (m_names.empty()) {
        status.state = SourceStatus::State::Idle;
        status.problem.clear(); // of when it was asked last
        return status;
    }
    if (!m_answered) return status;
    status.age = std::max(Duration(0), sourceTime(now) - m_store.newest());
    const Duration interval = m_store.interval();
    if (status.age <= 2 * interval + std::chrono::seconds(1))
        status.state = SourceStatus::State::Fresh;
    else
        status.state = status.age <= 5 * interval ? SourceStatus::State::Late : SourceStatus::State::Gone;
    return status;
}

} // namespace sluice::engine
