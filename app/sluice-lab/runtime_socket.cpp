// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluice-lab/runtime_socket.h"

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <optional>

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace sluice::app::lab {

namespace {

using Clock = std::chrono::steady_clock;
constexpr size_t kMaxAnswer = size_t{16} * 1024 * 1024;

class Descriptor {
public:
    explicit Descriptor(int fd)
        : m_fd(fd)
    {
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor()
    {
        if (m_fd >= 0) close(m_fd);
    }
    int get() const { return m_fd; }

private:
    int m_fd;
};

/// Waits until the socket can be read or written; false when the deadline is over first.
bool waitFor(int fd, short events, Clock::time_point deadline)
{
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    pollfd entry{fd, events, 0};
    return left > 0 && poll(&entry, 1, static_cast<int>(left)) > 0;
}

bool sendAll(int fd, std::string_view text, Clock::time_point deadline)
{
    while (!text.empty()) {
        if (!waitFor(fd, POLLOUT, deadline)) return false;
        const ssize_t sent = send(fd, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno != EAGAIN && errno != EINTR) return false;
        if (sent > 0) text.remove_prefix(static_cast<size_t>(sent));
    }
    return true;
}

std::optional<std::string> valueOf(std::string_view answer)
{
    // type=str, case=sensitive, found=yes, idx=tree, key="checkout", value="checkout@7", type="str"
    const size_t begin = answer.find("value=\"");
    if (begin == std::string_view::npos) return {};
    const size_t from = begin + 7;
    return std::string(answer.substr(from, answer.find('"', from) - from));
}

} // namespace

Result<std::string> askSocket(const std::filesystem::path& socketPath, std::string_view line, Duration timeout,
                              bool untilLine)
{
    const auto failure = [&](const std::string& why) {
        return Error{Fault::Unreachable, fmt::format("{}: {}.", socketPath.string(), why)};
    };
    const Clock::time_point deadline = Clock::now() + timeout;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = socketPath.string();
    if (path.size() >= sizeof address.sun_path) return failure("the path is too long for a socket");
    path.copy(address.sun_path, path.size());
    const Descriptor fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        return failure(std::strerror(errno));
    }
    if (!sendAll(fd.get(), std::string(line) + "\n", deadline)) return failure("the line could not be sent");
    std::string answer;
    char buffer[16 * 1024];
    while (waitFor(fd.get(), POLLIN, deadline)) {
        const ssize_t got = recv(fd.get(), buffer, sizeof buffer, 0);
        if (got < 0) return failure(std::strerror(errno));
        if (got == 0) return answer;
        answer.append(buffer, static_cast<size_t>(got));
        if (untilLine && answer.ends_with('\n')) return answer;
        if (answer.size() > kMaxAnswer) return failure("the answer is too long");
    }
    return failure("no whole answer in time");
}

Result<int> readSplit(const std::filesystem::path& runtimeSocket, const std::filesystem::path& mapFolder,
                      const std::string& service, Duration timeout)
{
    const auto lookUp = [&](const char* map, const std::string& key) {
        return askSocket(runtimeSocket, fmt::format("get map {} {}", (mapFolder / map).string(), key), timeout);
    };
    const auto epoch = lookUp("epoch.map", service);
    if (!epoch) return epoch.error();
    const auto token = valueOf(epoch.value());
    if (!token || *token == "none") return 0;
    const auto split = lookUp("split.map", *token);
    if (!split) return split.error();
    const std::string limit = valueOf(split.value()).value_or("0");
    int weight = 0;
    std::from_chars(limit.data(), limit.data() + limit.size(), weight);
    return weight;
}

} // namespace sluice::app::lab
