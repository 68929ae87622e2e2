// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/series_store.h"

#include <algorithm>
#include <cmath>

#include "core/analysis/fixed.h"

namespace sluice::analysis {

namespace {

constexpr int64_t kSweepEveryMs = 60'000;

size_t hashOf(const RawSeries& raw)
{
    const std::hash<std::string_view> hash;
    size_t out = hash(raw.name);
    for (const auto& [name, value] : raw.labels) {
        out = out * 1'000'003 + hash(name);
        out = out * 1'000'003 + hash(value);
    }
    return out;
}

int64_t ms(Duration d)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(d).count();
}

bool countable(double value)
{
    return std::isfinite(value) && value >= 0 && value <= 1e300;
}

} // namespace

Increment StoredSeries::increment(int64_t number, int64_t longestGapMs) const
{
    const RawSample& now = sample(number);
    Increment out{.atMs = now.atMs, .sinceMs = now.atMs};
    out.finite = countable(now.value);
    if (!out.finite) return out;

    const RawSample* before = trimmed ? &*trimmed : nullptr;
    for (int64_t n = number - 1; n >= firstNumber; --n)
        if (countable(sample(n).value)) {
            before = &sample(n);
            break;
        }
    if (before == nullptr && !countsFromZero) return out;
    if (before != nullptr && now.atMs - before->atMs > longestGapMs) return out;

    const bool reset = before == nullptr || now.value < before->value;
    const auto grown = toMillionths(reset ? now.value : now.value - before->value);
    out.finite = grown.has_value();
    if (!grown) return out;
    out.counted = true;
    out.millionths = *grown;
    if (before != nullptr) out.sinceMs = before->atMs;
    return out;
}

void SeriesStore::Impl::add(const RawBatch& batch)
{
    // A warning means that the answer may be partial, and a partial sum looks like a healthy canary (F22).
    if (!batch.warnings.empty()) return;
    if (batch.interval > Duration(0)) interval = batch.interval;

    int64_t batchStartMs = INT64_MAX;
    for (const RawSeries& raw : batch.series)
        if (!raw.samples.empty()) batchStartMs = std::min(batchStartMs, raw.samples.front().atMs);

    // Scrapes first, samples after: whether a series is new on its instance must not depend on the order inside.
    const std::vector<StoredSeries*> entries = entriesOf(batch, batchStartMs);
    for (size_t i = 0; i < entries.size(); ++i)
        if (entries[i] != nullptr) noteScrapes(batch.series[i], instances[entries[i]->instance]);
    for (size_t i = 0; i < entries.size(); ++i)
        if (entries[i] != nullptr) append(*entries[i], batch.series[i]);
    for (const StoredSeries* one : entries) {
        if (one == nullptr) continue;
        Instance& instance = instances[one->instance];
        instance.lastMs = std::max(instance.lastMs, instance.batchLastMs);
        instance.batchFirstMs = INT64_MAX;
        instance.batchLastMs = INT64_MIN;
    }
    if (newestMs != INT64_MIN && newestMs >= sweptMs + kSweepEveryMs) sweep();
}

std::vector<StoredSeries*> SeriesStore::Impl::entriesOf(const RawBatch& batch, int64_t batchStartMs)
{
    const bool reachesBack = batchStartMs < oldestBatchMs; // then every name has to hear of it
    oldestBatchMs = std::min(oldestBatchMs, batchStartMs);
    std::vector<StoredSeries*> entries;
    std::vector<uint64_t> listed;
    entries.reserve(batch.series.size());
    listed.reserve(batch.series.size());
    size_t place = 0;
    for (const RawSeries& raw : batch.series) {
        StoredSeries* into = raw.samples.empty() || reachesBack ? nullptr : guessed(raw, place);
        if (into == nullptr && !raw.samples.empty()) into = entry(raw, batchStartMs);
        entries.push_back(into);
        if (into == nullptr) continue;
        place = into->place + 1;
        into->place = listed.size();
        listed.push_back(into->id);
    }
    order = std::move(listed);
    return entries;
}

StoredSeries* SeriesStore::Impl::guessed(const RawSeries& raw, size_t place) const
{
    StoredSeries* candidate = place < order.size() ? series[order[place]].get() : nullptr;
    return candidate != nullptr && candidate->name == raw.name && candidate->labels == raw.labels ? candidate : nullptr;
}

void SeriesStore::Impl::noteScrapes(const RawSeries& raw, Instance& instance)
{
    const int64_t from = raw.samples.front().atMs;
    const int64_t to = raw.samples.back().atMs;
    instance.firstMs = std::min(instance.firstMs, from);
    instance.batchFirstMs = std::min(instance.batchFirstMs, from);
    instance.batchLastMs = std::max(instance.batchLastMs, to);
    newestMs = std::max(newestMs, to);
}

int64_t SeriesStore::Impl::longestGapMs() const
{
    return std::max(kLongestGapMs, 5 * ms(interval));
}

StoredSeries* SeriesStore::Impl::known(const RawSeries& raw, size_t hash) const
{
    const auto [from, to] = byHash.equal_range(hash);
    for (auto at = from; at != to; ++at) {
        StoredSeries* candidate = series[at->second].get();
        if (candidate != nullptr && candidate->name == raw.name && candidate->labels == raw.labels) return candidate;
    }
    return nullptr;
}

StoredSeries* SeriesStore::Impl::entry(const RawSeries& raw, int64_t batchStartMs)
{
    if (const auto name = names.find(raw.name); name != names.end())
        name->second.askedFromMs = std::min(name->second.askedFromMs, batchStartMs);
    const size_t hash = hashOf(raw);
    if (StoredSeries* found = known(raw, hash)) return found;
    if (byHash.size() >= kSeriesLimit) {
        ++refused;
        return nullptr;
    }
    const auto [name, fresh] = names.try_emplace(raw.name);
    if (fresh) name->second.askedFromMs = batchStartMs;

    const uint64_t id = series.size();
    series.push_back(std::make_unique<StoredSeries>());
    StoredSeries& made = *series.back();
    made.id = id;
    made.name = raw.name;
    made.labels = raw.labels;
    made.instance = instanceOf(raw.labels);
    byHash.emplace(hash, id);
    name->second.ids.push_back(id);
    return &made;
}

uint32_t SeriesStore::Impl::instanceOf(const Labels& labels)
{
    const std::string key = labelValue(labels, "job") + '\n' + labelValue(labels, "instance");
    const auto [found, fresh] = instanceIds.try_emplace(key, static_cast<uint32_t>(instances.size()));
    if (fresh) instances.emplace_back();
    return found->second;
}

bool SeriesStore::Impl::scrapedWithout(const StoredSeries& candidate, int64_t firstMs) const
{
    const Instance& instance = instances[candidate.instance];
    // Scrapes of one instance lie an interval apart (Prometheus aligns them within milliseconds), so anything nearer
    // is the same scrape with a time stamp of its own.
    const int64_t scrapeBefore = firstMs - ms(interval) * 95 / 100;
    const bool regular = instance.batchFirstMs <= scrapeBefore || instance.lastMs >= scrapeBefore;
    const int64_t latest = regular ? scrapeBefore : instance.lastMs;
    const int64_t asked = names.at(candidate.name).askedFromMs;
    return latest >= std::max({instance.firstMs, asked, firstMs - longestGapMs()});
}

void SeriesStore::Impl::append(StoredSeries& into, const RawSeries& raw)
{
    if (into.samples.empty() && !into.trimmed) into.countsFromZero = scrapedWithout(into, raw.samples.front().atMs);
    if (!into.samples.empty() && !into.trimmed && raw.samples.front().atMs < into.samples.front().atMs) {
        auto older = raw.samples;
        std::erase_if(older, [&](const RawSample& s) { return s.atMs >= into.samples.front().atMs; });
        into.samples.insert(into.samples.begin(), older.begin(), older.end());
        into.firstNumber -= static_cast<int64_t>(older.size());
        into.countsFromZero = scrapedWithout(into, into.samples.front().atMs);
        ++prependings;
    }
    for (const RawSample& sample : raw.samples)
        if (into.samples.empty() || sample.atMs > into.samples.back().atMs) into.samples.push_back(sample);

    const int64_t oldestKept = newestMs - ms(keep);
    while (into.samples.size() > 1 && into.samples.front().atMs < oldestKept) {
        if (countable(into.samples.front().value)) into.trimmed = into.samples.front();
        into.samples.pop_front();
        ++into.firstNumber;
    }
}

void SeriesStore::Impl::sweep()
{
    sweptMs = newestMs;
    const int64_t oldestKept = newestMs - ms(keep);
    const auto dead = [&](uint64_t id) {
        return series[id] == nullptr || series[id]->samples.empty() || series[id]->samples.back().atMs < oldestKept;
    };
    std::erase_if(byHash, [&](const auto& hashed) { return dead(hashed.second); });
    for (auto& [text, name] : names)
        std::erase_if(name.ids, dead);
    for (auto& one : series)
        if (one != nullptr && dead(one->id)) one.reset();
    for (Instance& instance : instances)
        if (instance.lastMs < oldestKept) instance = Instance{};
}

SeriesStore::SeriesStore(Duration keep)
    : m_impl(std::make_unique<Impl>())
{
    m_impl->keep = keep;
}
SeriesStore::~SeriesStore() = default;
SeriesStore::SeriesStore(SeriesStore&&) noexcept = default;
SeriesStore& SeriesStore::operator=(SeriesStore&&) noexcept = default;

void SeriesStore::add(const RawBatch& batch)
{
    m_impl->add(batch);
}

WallTime SeriesStore::newest() const
{
    if (m_impl->newestMs == INT64_MIN) return WallTime{};
    return WallTime(std::chrono::milliseconds(m_impl->newestMs));
}

Duration SeriesStore::interval() const
{
    return m_impl->interval;
}

} // namespace sluice::analysis
