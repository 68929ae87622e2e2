// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluice-lab/loopback_port.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <utility>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "app/sluice-lab/process_table.h"

namespace sluice::app::lab {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kListening = "0A"; // st of /proc/net/tcp

std::set<std::string> listeningInodes(int port)
{
    std::set<std::string> inodes;
    for (const char* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
        std::ifstream in(table);
        for (std::string line; std::getline(in, line);) {
            std::istringstream words(line);
            std::string slot, local, remote, state, queues, timer, retries, user, timeout, inode;
            words >> slot >> local >> remote >> state >> queues >> timer >> retries >> user >> timeout >> inode;
            const bool here = local.ends_with(fmt::format(":{:04X}", port));
            if (here && state == kListening) inodes.insert(inode);
        }
    }
    return inodes;
}

void takeHeldInodes(const fs::path& process, std::set<std::string>& inodes)
{
    std::error_code gone;
    for (fs::directory_iterator fd(process / "fd", gone), end; !gone && fd != end; fd.increment(gone)) {
        const std::string target = fs::read_symlink(fd->path(), gone).string();
        if (target.starts_with("socket:[")) inodes.erase(target.substr(8, target.size() - 9));
    }
}

PortOwner look(int port, pid_t group)
{
    std::set<std::string> inodes = listeningInodes(port);
    if (inodes.empty()) return PortOwner::Nobody;
    for (const pid_t pid : livingInGroup(group))
        takeHeldInodes(fs::path("/proc") / std::to_string(pid), inodes);
    return inodes.empty() ? PortOwner::Ours : PortOwner::Foreign;
}

} // namespace

Result<LoopbackPort> LoopbackPort::reserve()
{
    const auto failure = [] {
        return Error{Fault::Unreachable, fmt::format("No free port on 127.0.0.1: {}.", std::strerror(errno))};
    };
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return failure();
    LoopbackPort port(fd, 0);
    const int yes = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0) return failure();
    if (getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return failure();
    port.m_number = ntohs(address.sin_port);
    return port;
}

LoopbackPort::LoopbackPort(LoopbackPort&& other) noexcept
    : m_fd(std::exchange(other.m_fd, -1))
    , m_number(other.m_number)
{
}

LoopbackPort& LoopbackPort::operator=(LoopbackPort&& other) noexcept
{
    std::swap(m_fd, other.m_fd);
    std::swap(m_number, other.m_number);
    return *this;
}

LoopbackPort::~LoopbackPort()
{
    if (m_fd >= 0) close(m_fd);
}

PortOwner portOwner(int port, pid_t group)
{
    // A look takes a moment, and a program that hands its socket to a child just then has it nowhere: HAProxy's master
    // does when it starts. By the second look the child is there.
    const PortOwner first = look(port, group);
    return first == PortOwner::Foreign ? look(port, group) : first;
}

} // namespace sluice::app::lab
