// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/adapters/emergency.h"
#include "core/model/connections.h"
#include "core/ports/safety_files.h"

namespace sluice::app {

/// What an emergency came to.
struct EmergencyAnswer {
    adapters::EmergencyReport report{};
    bool stopWritten{false};
    bool complete{false}; ///< every proxy verified at zero, and the stop is in force
    std::string text{};   ///< all of it for people: what is verified, what is left and how a person finishes it
};

/// The way to the safe state over plain files and sockets: stop file, safe file, all proxies in parallel, read back.
/// Needs neither engine, lease nor database. Any thread; blocks up to the deadline.
class EmergencyPath final : public ports::EmergencyPath {
public:
    /// The folder that holds the journal. What `connections` says of a target's proxies is used where no safe file
    /// is: the folder may be another one than the driver's, so its silence proves nothing.
    EmergencyPath(std::string folder, const Connections& connections);

    /// As `fire`, with all that is known. BadInput, Internal: nothing could be sent there. What could not be verified
    /// is no error but in the answer.
    std::vector<Result<EmergencyAnswer>> send(const std::vector<ports::StopRecord>& stops, Duration deadline) const;
    std::vector<Result<std::string>> fire(const std::vector<ports::StopRecord>& stops, Duration deadline) override;

private:
    Result<EmergencyAnswer> sendOne(const ports::StopRecord& stop, Duration deadline) const;
    Result<std::string> namedSafeFile(const TargetId& id) const;

    std::string m_folder;
    Connections m_connections; ///< a copy: this outlives whoever opened the store
};

} // namespace sluice::app
