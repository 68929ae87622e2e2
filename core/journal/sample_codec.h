// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ports/journal.h"

// How samples are packed: differences as zigzag varints, times as runs. One to two bytes a sample for counts that
// come once a second. Pure. Layout in FORMAT.md.

namespace sluice::journal {

/// The codec column of the rows these functions write.
constexpr int kSampleCodec = 1;

/// Samples in strictly rising time order; any 64-bit values.
std::string packSamples(const std::vector<ports::SampleRow>& samples);
/// None when the bytes are not what packSamples wrote.
std::optional<std::vector<ports::SampleRow>> unpackSamples(std::string_view bytes);

std::string packRollups(const std::vector<ports::RollupRow>& rows);
std::optional<std::vector<ports::RollupRow>> unpackRollups(std::string_view bytes);

/// One second of several series, by series number.
using Second = std::map<int64_t, int64_t>;
std::string packSecond(const Second& second);
std::optional<Second> unpackSecond(std::string_view bytes);
/// The value of one series without unpacking the others; none = not in it.
std::optional<int64_t> findInSecond(std::string_view bytes, int64_t series);

constexpr int64_t kTenSecondsUs = 10'000'000;
constexpr int64_t kMinuteUs = 60'000'000;
/// Chunks and their windows begin at multiples of this.
constexpr int64_t kChunkUs = 600'000'000;

/// The last multiple of `length` that is not after it; also before 1970.
constexpr int64_t beginOf(int64_t atUs, int64_t length)
{
    const int64_t rest = atUs % length;
    return atUs - (rest < 0 ? rest + length : rest);
}

/// Both in time order; where both have an instant, the fresh one stands.
std::vector<ports::SampleRow> merged(const std::vector<ports::SampleRow>& old,
                                     const std::vector<ports::SampleRow>& fresh);

/// Buckets of `length` µs from samples in time order.
std::vector<ports::RollupRow> rollUp(const std::vector<ports::SampleRow>& samples, int64_t length);

} // namespace sluice::journal
