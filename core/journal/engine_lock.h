// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

#include "core/base/result.h"

namespace sluice::journal {

/// Proof of life: while an engine lives it holds an OFD lock on `engine.<id>.lock` beside the journal. The kernel
/// frees it when the process ends, however it ends. A held lock proves nothing (its process may be frozen).
class EngineLock {
public:
    static std::string pathOf(const std::string& folder, const std::string& engine);

    /// Refused when another live object, here or in another process, holds it.
    static Result<std::unique_ptr<EngineLock>> hold(const std::string& folder, const std::string& engine);
    EngineLock(const EngineLock&) = delete;
    EngineLock& operator=(const EngineLock&) = delete;
    ~EngineLock();

    /// True only when the file is there and free. A missing file proves nothing.
    static bool provenDead(const std::string& folder, const std::string& engine);
    /// Removes the file of a dead engine; leaves that of a live one.
    static void tidy(const std::string& folder, const std::string& engine);

private:
    explicit EngineLock(int fd)
        : m_fd(fd)
    {
    }
    int m_fd;
};

} // namespace sluice::journal
