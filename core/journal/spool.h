// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace sluice::journal {

/// Something done without the journal, to be merged into it before the next advance.
struct SpoolRecord {
    int64_t number{0};
    std::string record{};  ///< canonical JSON as given to `add`
    std::string problem{}; ///< not empty: the file is damaged, `record` is not to be trusted
};

/// `spool/<n>.json` beside the journal. Any thread and process.
class Spool {
public:
    /// The folder that holds the journal.
    explicit Spool(std::string folder);

    /// Durable when it returns; the number gives the order.
    Result<int64_t> add(const std::string& record);
    /// In order of numbers, at most `kSpoolRead`. Damaged ones are there too: they are never dropped silently.
    Result<std::vector<SpoolRecord>> list() const;
    /// After its events are in the journal. Success when it is gone already.
    Result<Done> remove(int64_t number);

private:
    std::string pathOf(int64_t number) const;
    std::vector<int64_t> numbers() const;
    SpoolRecord read(int64_t number) const;

    std::string m_folder;
};

constexpr size_t kSpoolRead = 1000;

} // namespace sluice::journal
