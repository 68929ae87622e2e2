// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "core/ports/safety_files.h"

namespace sluice::journal {

/// `safe/` and `stop/` beside the journal. Any thread; needs neither database nor lease. A stop that cannot be read
/// is a stop: only "no such file" means that none is in force.
class StopFiles final : public ports::SafetyFiles {
public:
    /// The folder that holds the journal.
    explicit StopFiles(std::string folder);

    Outcome writeSafe(const TargetId& target, const std::string& content) override;
    std::optional<ports::StopRecord> stopped(const TargetId& target) override;
    /// The first record stands; a stop that is in force already is success.
    Outcome createStop(const ports::StopRecord& record) override;
    Outcome explainStop(const ports::StopRecord& record) override;
    /// Only at a person's command. Success when none was in force.
    Outcome clearStop(const TargetId& target) override;
    bool freeSpaceOk() override;

    /// One stat: for every tick and before every raising write.
    bool isStopped(const TargetId& target) const;
    /// None when exposure of this target has never risen here.
    Result<std::optional<std::string>> readSafe(const TargetId& target) const;

private:
    std::string stopPath(const TargetId& target) const;
    std::string safePath(const TargetId& target) const;
    ports::StopRecord readStop(const std::string& path, const TargetId& target) const;

    std::string m_folder;
};

} // namespace sluice::journal
