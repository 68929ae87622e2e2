// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/types.h>

#include "core/base/result.h"

namespace sluice::app::lab {

/// A free TCP port of 127.0.0.1, kept for this lab: the bound (never listening) socket keeps others from getting the
/// number while the program that serves on it is down. Our own programs can still bind it, because they share the
/// user and set SO_REUSEPORT or SO_REUSEADDR.
class LoopbackPort {
public:
    static Result<LoopbackPort> reserve();
    LoopbackPort(LoopbackPort&& other) noexcept;
    LoopbackPort& operator=(LoopbackPort&& other) noexcept;
    LoopbackPort(const LoopbackPort&) = delete;
    LoopbackPort& operator=(const LoopbackPort&) = delete;
    ~LoopbackPort();
    int number() const { return m_number; }

private:
    LoopbackPort(int fd, int number)
        : m_fd(fd)
        , m_number(number)
    {
    }
    int m_fd{-1};
    int m_number{0};
};

enum class PortOwner {
    Nobody,  ///< nothing listens
    Ours,    ///< every listening socket is held by a process of the group
    Foreign, ///< somebody else listens too: connections may go there
};

/// Who listens on a loopback port, as the kernel tells; `group` is a process group.
PortOwner portOwner(int port, pid_t group);

} // namespace sluice::app::lab
