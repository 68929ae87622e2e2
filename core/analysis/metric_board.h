// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/analysis/assessment.h"
#include "core/analysis/before_text.h"
#include "core/analysis/before_window.h"
#include "core/analysis/exposure.h"
#include "core/analysis/metric_window.h"

namespace sluice::analysis {

/// When and over what a number is asked for.
struct Scope {
    int64_t second{0};                ///< as seen at the end of this second
    int64_t cut{0};                   ///< first second that counts
    std::optional<Duration> window{}; ///< instead of the metric's own
};

/// A metric's number, or why there is none.
struct Value {
    bool known{false};
    bool atLeast{false}; ///< not known, but above `millionths` (a quantile in the open bucket)
    int64_t millionths{0};
    int64_t requests{0}; ///< evidence behind it
    int64_t after{0};    ///< the window it covers: (after, upTo]
    int64_t upTo{0};
    int64_t coveredSeconds{0};
    NoDataReason why{NoDataReason::NeverSeen};
};

struct BaselineValue {
    bool known{false};
    bool isBefore{false};
    bool settling{false};  ///< not known, because nothing is expected of the canary yet: its share is too new
    int64_t millionths{0}; ///< in the canary's own scale
    int64_t expected{0};   ///< how many events (users, requests) that means for the canary's window
};

/// Every number a playbook needs, from the series of one source. Owns the windows; knows no limits and no clocks.
class MetricBoard {
public:
    MetricBoard(const Playbook& playbook, const TargetLabels& labels);

    // Reading, in the order of time.
    void prepare(const SeriesStore::Impl& store);
    std::optional<int64_t> read(const SeriesStore::Impl& store, int64_t second);
    std::optional<int64_t> nextSecond() const;
    bool prepended() const;
    /// `before` is recorded from the second after this one on.
    void beginBefore(int64_t second) { m_recordedTo = second; }
    /// Complete seconds without exposure, in the order of time.
    void recordBefore(int64_t second);
    Duration beforeRecorded() const;
    BeforeRecord before() const;
    /// Uses a kept record from now on and records no more. False: a metric is missing here; nothing changes.
    bool restoreBefore(const BeforeRecord& record);

    // Numbers.
    size_t metricCount() const { return m_metrics.size(); }
    const Metric& metric(size_t index) const { return m_metrics[index].metric; }
    std::optional<size_t> indexOf(std::string_view metric) const;
    Value value(size_t metric, Track track, const Scope& scope) const;
    /// What the canary's value is compared with. `corrected`: by the asked share, where the metric scales with it.
    BaselineValue baseline(size_t metric, const Value& canary, const Scope& scope, const Condition& rule,
                           bool corrected = true) const;
    /// The metric's canary series (denominator for a ratio) have a sample in this second.
    bool sampled(size_t metric, Track track, int64_t second) const;
    /// Age in whole seconds of the newest sample at the end of a second, and why nothing else can be said.
    bool tooOld(size_t metric, Track track, int64_t second) const;
    /// Newest sample of a track over all metrics, ms; INT64_MIN when none.
    int64_t newestMs(Track track) const;
    /// Most canary requests that any ratio or histogram counted in (after, upTo].
    int64_t canaryRequests(int64_t after, int64_t upTo) const;

    Exposure exposure{};
    int64_t intervalSeconds() const { return m_intervalSeconds; }
    int64_t freshSeconds() const { return 2 * m_intervalSeconds + 1; }
    int64_t lateSeconds() const { return 5 * m_intervalSeconds; }

private:
    static constexpr size_t kNone = SIZE_MAX;
    struct Term {
        Selector selector{};
        MetricWindow::Kind kind{MetricWindow::Kind::Counter};
        Aggregate aggregate{Aggregate::Sum};
        size_t gate{kNone};
        int64_t windowSeconds{0};
        std::vector<MetricWindow> tracks{}; ///< stable, canary
    };
    struct Entry {
        Metric metric{};
        size_t of{kNone};
        size_t over{kNone};
        BeforeWindow before;
    };
    size_t termFor(const Selector& selector, MetricWindow::Kind kind, Aggregate aggregate, size_t gate,
                   int64_t seconds);
    void makeWindows();
    const MetricWindow& window(size_t term, Track track) const { return m_terms[term].tracks[track == Track::Canary]; }
    /// The term whose samples say that the metric was observed.
    size_t pulse(const Entry& entry) const { return entry.over != kNone ? entry.over : entry.of; }
    NoDataReason unseen(const MetricWindow& pulse, const Scope& scope) const;
    void fill(const Entry& entry, Track track, Value& value, const Scope& scope) const;
    void fillQuantile(const Entry& entry, const MetricWindow& of, Value& value) const;
    BaselineValue fromStable(const Entry& entry, const Value& canary, const Scope& scope, bool scaled) const;
    BaselineValue fromBefore(const Entry& entry, const Value& canary, const Scope& scope, bool scaled) const;
    BeforeTotals beforeAt(const Entry& entry, int64_t second) const;
    BaselineValue scaledStable(const Entry& entry, const Value& canary, const Value& stable) const;
    int64_t shareOf(const Entry& entry, const Value& canary) const;
    BeforeTotals totalsOf(const Entry& entry, int64_t second) const;

    TargetLabels m_labels;
    std::vector<Term> m_terms{};
    std::vector<Entry> m_metrics{};
    int64_t m_beforeSeconds{0};
    int64_t m_recordedSeconds{0};
    int64_t m_recordedTo{0};
    bool m_restored{false};
    int64_t m_intervalSeconds{1};
    const SeriesStore::Impl* m_store{nullptr}; ///< of the call that is under way
};

} // namespace sluice::analysis
