// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/ports/safety_files.h"

namespace sluice::app {

/// The way to the safe state over plain files and sockets: stop file, safe file, all proxies in parallel, read back.
/// Needs neither engine, lease nor database. Any thread; blocks up to the deadline.
class EmergencyPath final : public ports::EmergencyPath {
public:
    /// The folder that holds the journal.
    explicit EmergencyPath(std::string folder)
        : m_folder(std::move(folder))
    {
    }

    Result<std::string> fire(const TargetId& target, const ports::StopRecord& record, Duration deadline) override;

private:
    std::string m_folder;
};

} // namespace sluice::app
