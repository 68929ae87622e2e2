// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "core/analysis/chart_history.h"
#include "core/analysis/judge.h"
#include "core/analysis/metric_board.h"
#include "core/analysis/score.h"
#include "core/analysis/trigger_clock.h"

namespace sluice::analysis {

/// Everything about a rollout that depends on the order of samples.
struct JudgeClocks {
    int64_t second{0}; ///< judged up to its end
    std::vector<TriggerClock> triggers{};
    BandClock band{};
};

struct Judge::Impl {
    Impl(const Playbook& book, TargetLabels target);

    Playbook playbook;
    TargetLabels labels;
    MetricBoard board;
    ChartHistory charts;
    // Instances of one target are scraped at different moments of an interval. The newest seconds are judged at once
    // and again when more of them arrives: one state per second, oldest first, from the last complete second on.
    std::deque<JudgeClocks> states{};
    bool started{false};
    int64_t startSecond{0};
    int64_t ingestedTo{0};
    int64_t reportedTo{0}; ///< seconds up to here were in an earlier answer
    uint64_t prependings{0};
    int64_t stageCut{0};
    int64_t stageRequests{0};  ///< canary requests in committed seconds of the stage
    std::vector<bool> fired{}; ///< by trigger, in a second that no earlier answer told of
    std::optional<BeforeRecord> restored{};
    Assessment latest{};

    void advance(const SeriesStore::Impl& store, const JudgeContext& context, Now now);

private:
    void restart();
    void start(int64_t second);
    void noteStage(const JudgeContext& context);
    void run(const SeriesStore::Impl& store, const JudgeContext& context, int64_t end);
    void judgeSecond(int64_t second, const JudgeContext& context);
    void judgeExposed(int64_t second, const JudgeContext& context);
    int64_t committed() const { return states.front().second; }
    int64_t judged() const { return states.back().second; }
    void forgetFrom(int64_t second);
    void commitUpTo(int64_t complete);
    bool sampled(int64_t second) const;
    bool scoreSampled(int64_t second) const;
    bool scoreTooOld(int64_t second) const;
    HoldClock::Pace pace() const
    {
        return {.freshSeconds = board.freshSeconds(), .intervalSeconds = board.intervalSeconds()};
    }
    /// Windows of triggers, score and readings begin with the first exposure, not with the stage.
    Scope scope(int64_t second) const;

    void report(const JudgeContext& context, Now now); // judge_report.cpp
    void reportFreshness(const JudgeContext& context, Now now);
    Reading reading(size_t metric) const;
};

} // namespace sluice::analysis
