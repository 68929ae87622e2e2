// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/journal/sample_codec.h"

#include <algorithm>

namespace sluice::journal {

namespace {

using ports::RollupRow;
using ports::SampleRow;

/// More in one row is not ours: keeps a damaged length from asking for memory.
constexpr uint64_t kMostRows = 1U << 20;

// Differences wrap around like unsigned numbers do, so that every 64-bit value survives.
uint64_t zigzag(uint64_t difference)
{
    const uint64_t sign = difference >> 63 != 0 ? ~uint64_t{0} : 0;
    return (difference << 1) ^ sign;
}
uint64_t unzigzag(uint64_t coded)
{
    return (coded >> 1) ^ (~(coded & 1) + 1);
}
uint64_t bits(int64_t value)
{
    return static_cast<uint64_t>(value);
}
int64_t number(uint64_t value)
{
    return static_cast<int64_t>(value);
}

class Packer {
public:
    void plain(uint64_t value)
    {
        for (; value >= 0x80; value >>= 7)
            m_bytes.push_back(static_cast<char>((value & 0x7f) | 0x80));
        m_bytes.push_back(static_cast<char>(value));
    }
    void difference(int64_t from, int64_t to) { plain(zigzag(bits(to) - bits(from))); }
    std::string take() { return std::move(m_bytes); }

private:
    std::string m_bytes{};
};

class Unpacker {
public:
    explicit Unpacker(std::string_view bytes)
        : m_bytes(bytes)
    {
    }
    uint64_t plain()
    {
        uint64_t value = 0;
        for (int shift = 0; shift < 64 && !m_bytes.empty(); shift += 7) {
            const auto byte = static_cast<uint8_t>(m_bytes.front());
            m_bytes.remove_prefix(1);
            value |= static_cast<uint64_t>(byte & 0x7f) << shift;
            if ((byte & 0x80) == 0) return value;
        }
        m_good = false;
        return 0;
    }
    int64_t after(int64_t from) { return number(bits(from) + unzigzag(plain())); }
    /// A count of things of which each takes at least a byte, or is repeated in a run.
    size_t count()
    {
        const uint64_t value = plain();
        if (value > kMostRows) m_good = false;
        return m_good ? static_cast<size_t>(value) : 0;
    }
    bool good() const { return m_good; }
    bool atEnd() const { return m_good && m_bytes.empty(); }

private:
    std::string_view m_bytes;
    bool m_good{true};
};

/// Equal steps are counted: a regular series costs a few bytes in all.
template <class Row>
void packTimes(Packer& packer, const std::vector<Row>& rows)
{
    struct Run {
        int64_t step;
        uint64_t length;
    };
    std::vector<Run> runs;
    for (size_t i = 1; i < rows.size(); ++i) {
        const int64_t step = number(bits(rows[i].atUs) - bits(rows[i - 1].atUs));
        if (runs.empty() || runs.back().step != step) runs.push_back({step, 0});
        ++runs.back().length;
    }
    packer.plain(rows.size());
    if (rows.empty()) return;
    packer.difference(0, rows.front().atUs);
    packer.plain(runs.size());
    for (const auto& run : runs) {
        packer.difference(0, run.step);
        packer.plain(run.length);
    }
}

template <class Row>
std::vector<Row> unpackTimes(Unpacker& unpacker)
{
    std::vector<Row> rows(unpacker.count());
    if (rows.empty()) return rows;
    rows.front().atUs = unpacker.after(0);
    size_t next = 1;
    for (size_t runs = unpacker.count(); runs > 0 && unpacker.good(); --runs) {
        const int64_t step = unpacker.after(0);
        for (size_t length = unpacker.count(); length > 0 && next < rows.size(); --length, ++next) {
            rows[next].atUs = number(bits(rows[next - 1].atUs) + bits(step));
        }
    }
    return rows;
}

} // namespace

std::string packSamples(const std::vector<SampleRow>& samples)
{
    Packer packer;
    packTimes(packer, samples);
    int64_t last = 0;
    for (const auto& sample : samples) {
        packer.difference(last, sample.value);
        last = sample.value;
    }
    return packer.take();
}

std::optional<std::vector<SampleRow>> unpackSamples(std::string_view bytes)
{
    Unpacker unpacker(bytes);
    auto samples = unpackTimes<SampleRow>(unpacker);
    int64_t last = 0;
    for (auto& sample : samples) {
        sample.value = last = unpacker.after(last);
        if (!unpacker.good()) return std::nullopt;
    }
    return unpacker.atEnd() ? std::optional(std::move(samples)) : std::nullopt;
}

std::string packRollups(const std::vector<RollupRow>& rows)
{
    Packer packer;
    packTimes(packer, rows);
    RollupRow last{};
    for (const auto& row : rows) {
        packer.difference(last.min, row.min);
        packer.difference(row.min, row.max);
        packer.difference(last.count, row.count);
        // What the sum is above the least it can be: small for a quiet series.
        packer.difference(number(bits(row.min) * bits(row.count)), row.sum);
        last = row;
    }
    return packer.take();
}

std::optional<std::vector<RollupRow>> unpackRollups(std::string_view bytes)
{
    Unpacker unpacker(bytes);
    auto rows = unpackTimes<RollupRow>(unpacker);
    RollupRow last{};
    for (auto& row : rows) {
        row.min = unpacker.after(last.min);
        row.max = unpacker.after(row.min);
        row.count = unpacker.after(last.count);
        row.sum = unpacker.after(number(bits(row.min) * bits(row.count)));
        if (!unpacker.good()) return std::nullopt;
        last = row;
    }
    return unpacker.atEnd() ? std::optional(std::move(rows)) : std::nullopt;
}

std::string packSecond(const Second& second)
{
    Packer packer;
    packer.plain(second.size());
    int64_t last = 0;
    for (const auto& [series, value] : second) {
        packer.difference(last, series);
        packer.difference(0, value);
        last = series;
    }
    return packer.take();
}

std::optional<Second> unpackSecond(std::string_view bytes)
{
    Unpacker unpacker(bytes);
    Second second;
    int64_t series = 0;
    for (size_t left = unpacker.count(); left > 0 && unpacker.good(); --left) {
        series = unpacker.after(series);
        second.insert_or_assign(second.end(), series, unpacker.after(0));
    }
    return unpacker.atEnd() ? std::optional(std::move(second)) : std::nullopt;
}

std::optional<int64_t> findInSecond(std::string_view bytes, int64_t series)
{
    Unpacker unpacker(bytes);
    int64_t at = 0;
    for (size_t left = unpacker.count(); left > 0 && unpacker.good(); --left) {
        at = unpacker.after(at);
        const int64_t value = unpacker.after(0);
        if (at == series && unpacker.good()) return value;
        if (at > series) return std::nullopt;
    }
    return std::nullopt;
}

std::vector<SampleRow> merged(const std::vector<SampleRow>& old, const std::vector<SampleRow>& fresh)
{
    std::vector<SampleRow> all;
    all.reserve(old.size() + fresh.size());
    auto later = fresh.begin();
    for (const auto& sample : old) {
        while (later != fresh.end() && later->atUs < sample.atUs)
            all.push_back(*later++);
        if (later != fresh.end() && later->atUs == sample.atUs) continue;
        all.push_back(sample);
    }
    all.insert(all.end(), later, fresh.end());
    return all;
}

std::vector<RollupRow> rollUp(const std::vector<SampleRow>& samples, int64_t length)
{
    std::vector<RollupRow> rows;
    for (const auto& sample : samples) {
        const int64_t begin = beginOf(sample.atUs, length);
        if (rows.empty() || rows.back().atUs != begin) {
            rows.push_back({.atUs = begin, .min = sample.value, .max = sample.value});
        }
        RollupRow& row = rows.back();
        row.min = std::min(row.min, sample.value);
        row.max = std::max(row.max, sample.value);
        row.sum = number(bits(row.sum) + bits(sample.value));
        ++row.count;
    }
    return rows;
}

} // namespace sluice::journal
