// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/analysis/judge.h"
#include "core/analysis/selector_match.h"

namespace sluice::analysis {

/// What a counter grew by between two scrapes of its own.
struct Increment {
    int64_t atMs{0};
    int64_t sinceMs{0}; ///< the scrape before; equal to atMs when only the growth since zero is known
    int64_t millionths{0};
    bool finite{true};   ///< false: NaN, infinite, negative; nothing is counted
    bool counted{false}; ///< false: a first sight, only the base of what follows
};

struct StoredSeries {
    uint64_t id{0};
    std::string name{};
    Labels labels{};
    uint32_t instance{0};
    std::deque<RawSample> samples{};    ///< oldest first
    int64_t firstNumber{0};             ///< number of samples.front(); numbers never change
    bool countsFromZero{false};         ///< it appeared on an instance that was already scraped without it
    size_t place{0};                    ///< in Impl::order
    std::optional<RawSample> trimmed{}; ///< last finite sample that was dropped for age: base of the oldest kept

    int64_t endNumber() const { return firstNumber + static_cast<int64_t>(samples.size()); }
    const RawSample& sample(int64_t number) const { return samples[static_cast<size_t>(number - firstNumber)]; }
    /// `longestGapMs`: growth over a longer time is not counted.
    Increment increment(int64_t number, int64_t longestGapMs) const;
};

struct SeriesStore::Impl {
    static constexpr size_t kSeriesLimit = 200'000; ///< a label that holds user ids must not eat the memory
    /// A counter that was not seen for longer is a new base: its growth happened in no second that could be named.
    static constexpr int64_t kLongestGapMs = 60'000;

    struct Name {
        std::vector<uint64_t> ids{}; ///< rising
        int64_t askedFromMs{0};      ///< from here on a scrape without this name was really without it
    };
    struct Instance {
        int64_t firstMs{INT64_MAX};
        int64_t lastMs{INT64_MIN};       ///< before the batch that is being added
        int64_t batchFirstMs{INT64_MAX}; ///< in the batch that is being added
        int64_t batchLastMs{INT64_MIN};
    };

    Duration keep{};
    Duration interval{std::chrono::seconds(1)};
    int64_t newestMs{INT64_MIN};
    int64_t sweptMs{INT64_MIN};
    int64_t oldestBatchMs{INT64_MAX};
    int64_t refused{0};            ///< series beyond the limit
    std::vector<uint64_t> order{}; ///< ids as the last answer listed them: the next one will list them alike
    uint64_t prependings{0};       ///< rises when samples older than a series' first arrived
    std::vector<std::unique_ptr<StoredSeries>> series{}; ///< by id; null once forgotten
    std::unordered_multimap<size_t, uint64_t> byHash{};
    std::unordered_map<std::string, Name> names{};
    std::unordered_map<std::string, uint32_t> instanceIds{};
    std::vector<Instance> instances{};

    void add(const RawBatch& batch);
    int64_t longestGapMs() const;
    const StoredSeries* find(uint64_t id) const { return id < series.size() ? series[id].get() : nullptr; }

private:
    StoredSeries* known(const RawSeries& raw, size_t hash) const;
    StoredSeries* guessed(const RawSeries& raw, size_t place) const;
    StoredSeries* entry(const RawSeries& raw, int64_t batchStartMs);
    std::vector<StoredSeries*> entriesOf(const RawBatch& batch, int64_t batchStartMs);
    uint32_t instanceOf(const Labels& labels);
    void noteScrapes(const RawSeries& raw, Instance& instance);
    void append(StoredSeries& into, const RawSeries& raw);
    bool scrapedWithout(const StoredSeries& candidate, int64_t firstMs) const;
    void sweep();
};

} // namespace sluice::analysis
