// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/journal/sample_codec.h"
#include "core/journal/sqlite_database.h"
#include "core/journal/sqlite_journal.h"
#include "core/ports/clock.h"
#include "core/ports/journal.h"

namespace sluice::journal {

/// A window is packed this long after its end: late seconds come into the tail first.
constexpr int64_t kSealAfterUs = 10'000'000;
/// Series per row of the tail: bounds the packing in one call, and what a reader of one series has to skip.
constexpr int64_t kSeriesPerShard = 256;
/// The driver's tick never waits longer for a reader than this; the second is lost then.
constexpr Duration kSamplesBusy = std::chrono::milliseconds(100);
constexpr int64_t kMostSeries = 100'000;
constexpr int64_t kDayUs = 86'400'000'000;
constexpr int64_t kKeepSecondsUs = 30 * kDayUs;
constexpr int64_t kKeepMinutesUs = 365 * kDayUs;

/// samples.db. One thread per object; several objects and processes may share the file. Expendable: a damaged file is
/// moved aside and begun anew, with a warning.
class SqliteSampleStore final : public ports::SampleStore {
public:
    /// OpenMode::Observe neither makes nor repairs the file.
    static Result<std::unique_ptr<SqliteSampleStore>> open(const std::string& path, const ports::Clock& clock,
                                                           OpenMode mode);

    Result<Done> put(int64_t atUs, const std::vector<ports::SampleColumn>& columns) override;
    Result<std::vector<ports::SampleRow>> read(const std::string& series, int64_t fromUs, int64_t toUs) override;
    Result<std::vector<ports::RollupRow>> readRollup(const std::string& series, ports::Rollup rollup, int64_t fromUs,
                                                     int64_t toUs) override;
    Result<Done> putLive(const std::string& snapshot, WallTime at) override;
    Result<std::optional<Live>> live() override;

    /// Drops 1 s and 10 s samples after 30 days, 60 s ones after a year. Returns the chunks dropped.
    Result<int64_t> prune(WallTime now);
    /// What happened to the file since the last call, one sentence; empty = nothing.
    std::string takeWarning() { return std::exchange(m_warning, {}); }

private:
    enum class Level { Samples, TenSeconds, Minute };
    using Samples = std::vector<ports::SampleRow>;
    struct FileId {
        uint64_t device{0};
        uint64_t inode{0};
        friend bool operator==(const FileId&, const FileId&) = default;
    };

    SqliteSampleStore(std::string path, const ports::Clock& clock, OpenMode mode)
        : m_path(std::move(path))
        , m_clock(clock)
        , m_mode(mode)
    {
    }

    // sample_file.cpp: the file as a whole
    Result<Done> openFile();
    Result<Done> prepareTables();
    Result<Done> startAnew(const std::string& why);
    /// Somebody else has moved the file aside: go on in the new one.
    Result<Done> followFile();
    FileId fileId() const;
    bool isDamaged() const
    {
        return m_fault == DbFault::Damaged || (m_database && m_database->fault() == DbFault::Damaged);
    }
    /// Does `work`; when the file turns out to be damaged, once more in a new one.
    Result<Done> guarded(const std::function<Result<Done>()>& work);

    // sqlite_sample_store.cpp
    Result<std::optional<int64_t>> numberOf(const std::string& series);
    Result<int64_t> numberFor(const std::string& series);
    Result<Done> putSecond(int64_t atUs, const std::vector<ports::SampleColumn>& columns);
    Result<Done> mergeIntoTail(int64_t shard, int64_t atUs, Second second);
    /// Packs the oldest window of one shard that is over; each call looks at the next shard.
    Result<Done> sealOne(int64_t nowUs);
    Result<Done> sealWindow(int64_t shard, int64_t beginUs);
    struct Window {
        std::map<int64_t, Samples> series{};
        int64_t lastUs{0};
    };
    Result<Window> windowOf(int64_t shard, int64_t beginUs);
    Result<Done> mergeIntoChunks(int64_t series, int64_t beginUs, Samples samples);
    Result<Done> writeChunk(int64_t series, Level level, int64_t beginUs, size_t rows, const std::string& bytes);

    // sample_reads.cpp
    Result<Samples> readTail(int64_t series, int64_t fromUs, int64_t toUs);
    Result<Samples> readRaw(int64_t series, int64_t fromUs, int64_t toUs);
    /// Packed rows of one series whose window begins in the span, oldest first.
    Result<Done> eachChunk(int64_t series, Level level, int64_t fromUs, int64_t toUs,
                           const std::function<void(int64_t, std::string_view)>& use);
    Result<std::optional<Samples>> chunkAt(int64_t series, int64_t beginUs);

    std::string m_path;
    const ports::Clock& m_clock;
    OpenMode m_mode;
    std::unique_ptr<SqliteDatabase> m_database{};
    DbFault m_fault{DbFault::None}; ///< of opening
    FileId m_fileId{};
    std::map<std::string, int64_t> m_numbers{};
    int64_t m_nextShard{0};
    std::string m_warning{};
};

} // namespace sluice::journal
