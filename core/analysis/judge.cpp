// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/judge.h"

#include <algorithm>
#include <set>
#include <utility>

#include "core/analysis/fixed.h"
#include "core/analysis/judge_state.h"

namespace sluice::analysis {

Judge::Impl::Impl(const Playbook& book, TargetLabels target)
    : playbook(book)
    , labels(std::move(target))
    , board(playbook, labels)
    , charts(playbook, board)
{
    states.push_back({.triggers = std::vector<TriggerClock>(playbook.triggers.size())});
    fired.resize(playbook.triggers.size());
}

void Judge::Impl::restart()
{
    Exposure exposure = std::move(board.exposure);
    board = MetricBoard(playbook, labels);
    board.exposure = std::move(exposure);
    if (restored) board.restoreBefore(*restored);
    charts = ChartHistory(playbook, board);
    states.clear();
    states.push_back({.triggers = std::vector<TriggerClock>(playbook.triggers.size())});
    stageRequests = 0;
    started = false;
}

void Judge::Impl::start(int64_t second)
{
    started = true;
    startSecond = second;
    ingestedTo = second - 1;
    reportedTo = second - 1;
    states.back().second = second - 1;
    board.beginBefore(second - 1);
}

void Judge::Impl::noteStage(const JudgeContext& context)
{
    const int64_t cut = context.stage < 0                 ? kNotYet
                        : context.appliedAt == WallTime{} ? board.exposure.began().value_or(kLongAgo)
                                                          : firstSecondFrom(context.appliedAt);
    if (cut == stageCut) return;
    stageCut = cut;
    stageRequests = committed() >= cut ? board.canaryRequests(cut - 1, committed()) : 0;
}

void Judge::Impl::advance(const SeriesStore::Impl& store, const JudgeContext& context, Now now)
{
    board.prepare(store);
    const int64_t newest = store.newestMs == INT64_MIN ? kLongAgo : secondOfMs(store.newestMs);
    int64_t end = std::max(secondOf(now.wall), newest);
    if (context.upTo) end = std::min(end, secondOf(*context.upTo));

    const bool older = store.prependings != std::exchange(prependings, store.prependings) && board.prepended();
    const auto next = board.nextSecond();
    if (started && (older || (next && *next < startSecond))) {
        restart();
        board.prepare(store);
    }
    if (!started) start(board.nextSecond().value_or(end));

    board.exposure.note(context, judged() + 1);
    noteStage(context);
    const auto late = board.read(store, std::min(ingestedTo, judged()));
    const auto unread = board.nextSecond();
    forgetFrom(std::min(late.value_or(kNotYet), unread.value_or(kNotYet)));
    run(store, context, end);
    report(context, now);
    reportedTo = std::max(reportedTo, judged());
}

void Judge::Impl::forgetFrom(int64_t second)
{
    if (second > judged()) return;
    while (states.size() > 1 && judged() >= second)
        states.pop_back();
    charts.forgetAfter(judged());
}

void Judge::Impl::run(const SeriesStore::Impl& store, const JudgeContext& context, int64_t end)
{
    const int64_t newest = store.newestMs == INT64_MIN ? kLongAgo : secondOfMs(store.newestMs);
    const int64_t complete = newest - board.intervalSeconds() - 2;
    // After this long without a sample nothing changes any more until the next one.
    const int64_t settled = board.lateSeconds() + kNoDataResetsAfterSeconds + 2;
    std::fill(fired.begin(), fired.end(), false);

    commitUpTo(complete);
    int64_t idle = 0;
    int64_t second = judged() + 1;
    while (second <= end) {
        if (second > ingestedTo && second <= newest) {
            board.read(store, second);
            ingestedTo = second;
        }
        judgeSecond(second, context);
        commitUpTo(complete);
        idle = sampled(second) ? 0 : idle + 1;
        ++second;
        if (idle > settled && second < end) second = std::clamp(board.nextSecond().value_or(end), second, end);
    }
}

bool Judge::Impl::sampled(int64_t second) const
{
    for (size_t i = 0; i < board.metricCount(); ++i)
        if (board.sampled(i, Track::Stable, second) || board.sampled(i, Track::Canary, second)) return true;
    return false;
}

Scope Judge::Impl::scope(int64_t second) const
{
    const auto began = board.exposure.began();
    return {.second = second, .cut = began && *began <= second ? *began : kLongAgo};
}

void Judge::Impl::judgeSecond(int64_t second, const JudgeContext& context)
{
    // While a source is silent nothing completes; beyond the limit the newest state moves on in place.
    const auto most = static_cast<size_t>(2 * board.lateSeconds() + kNoDataResetsAfterSeconds + 8);
    if (states.size() < most) states.push_back(states.back());
    states.back().second = second;
    if (board.exposure.exposedAt(second)) {
        judgeExposed(second, context);
    } else {
        for (TriggerClock& clock : states.back().triggers)
            clock.disarm();
        states.back().band = {};
    }
    charts.record(board, second, scope(second).cut);
}

void Judge::Impl::judgeExposed(int64_t second, const JudgeContext& context)
{
    const Scope now = scope(second);
    for (size_t i = 0; i < playbook.triggers.size(); ++i) {
        const Trigger& trigger = playbook.triggers[i];
        TriggerClock& clock = states.back().triggers[i];
        const auto metric = board.indexOf(trigger.when.metric);
        if (!metric) continue;
        if (board.sampled(*metric, Track::Canary, second)) {
            const bool ripe = clock.sample(trigger, judge(board, trigger.when, now), second, pace());
            const auto until = context.cooldownUntil.find(trigger.id);
            const bool cooling = until != context.cooldownUntil.end() && startOfSecond(second) < until->second;
            if (ripe && !cooling && second > reportedTo) fired[i] = true;
        } else if (board.tooOld(*metric, Track::Canary, second)) {
            clock.tooOld(board.value(*metric, Track::Canary, now).why, second);
        }
    }
    if (playbook.score.parts.empty()) return;
    if (scoreSampled(second)) {
        states.back().band.sample(playbook.score, scoreAt(board, playbook.score, now, false).band, second, pace());
    } else if (scoreTooOld(second)) {
        states.back().band.tooOld(second);
    }
}

bool Judge::Impl::scoreSampled(int64_t second) const
{
    return std::ranges::any_of(playbook.score.parts, [&](const ScorePart& part) {
        return std::ranges::any_of(part.metrics, [&](const std::string& id) {
            const auto metric = board.indexOf(id);
            return metric && board.sampled(*metric, Track::Canary, second);
        });
    });
}

bool Judge::Impl::scoreTooOld(int64_t second) const
{
    return std::ranges::any_of(playbook.score.parts, [&](const ScorePart& part) {
        return std::ranges::any_of(part.metrics, [&](const std::string& id) {
            const auto metric = board.indexOf(id);
            return !metric || board.tooOld(*metric, Track::Canary, second);
        });
    });
}

void Judge::Impl::commitUpTo(int64_t complete)
{
    const auto began = board.exposure.began();
    while (states.size() > 1 && states[1].second <= complete) {
        states.pop_front();
        const int64_t second = committed();
        if (!began || second < *began) board.recordBefore(second);
        if (second >= stageCut) stageRequests += board.canaryRequests(second - 1, second);
    }
}

Judge::Judge(const Playbook& playbook, TargetLabels labels)
    : m_impl(std::make_unique<Impl>(playbook, std::move(labels)))
{
}
Judge::~Judge() = default;
Judge::Judge(Judge&&) noexcept = default;
Judge& Judge::operator=(Judge&&) noexcept = default;

std::vector<std::string> Judge::seriesNames() const
{
    std::set<std::string> names;
    for (const Metric& metric : m_impl->playbook.metrics) {
        names.insert(metric.of.name);
        if (metric.over) names.insert(metric.over->name);
    }
    return {names.begin(), names.end()};
}

const Assessment& Judge::advance(const SeriesStore& store, const JudgeContext& context, Now now)
{
    m_impl->advance(store.impl(), context, now);
    return m_impl->latest;
}

const Assessment& Judge::latest() const
{
    return m_impl->latest;
}
Duration Judge::baselineRecorded() const
{
    return m_impl->board.beforeRecorded();
}

std::string Judge::baselineText() const
{
    return beforeText(m_impl->board.before());
}

Outcome Judge::restoreBaseline(std::string_view text)
{
    auto record = parseBefore(text);
    if (!record) return record.error();
    if (!m_impl->board.restoreBefore(record.value()))
        return Error{Fault::BadInput, "The kept baseline is of another playbook: it lacks a metric."};
    m_impl->restored = std::move(record).value();
    return Done{};
}

const std::vector<ChartPoint>& Judge::history(std::string_view metric, Track track) const
{
    return m_impl->charts.points(metric, track);
}

} // namespace sluice::analysis
