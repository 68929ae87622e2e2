// SPDX-License-Identifier: GPL-3.0-or-later
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>

#include <fcntl.h>
#include <hiredis/hiredis.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>

#include "core/adapters/haproxy_address.h"
#include "core/adapters/smoke_checks.h"

namespace sluice::adapters {

namespace {

using End = SmokeResult::End;

constexpr int kTurnMs = 50; ///< between two looks whether it was stopped

/// A descriptor that is closed.
struct Socket {
    int fd{-1};
    ~Socket()
    {
        if (fd >= 0) ::close(fd);
    }
};

std::string because(int code)
{
    return std::strerror(code);
}

SmokeFinding connectTo(const SocketAddress& address, const SmokeMoment& moment)
{
    const Socket socket{::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    if (socket.fd < 0) return {End::NotReached, because(errno)};
    if (::connect(socket.fd, reinterpret_cast<const sockaddr*>(&address.storage), address.length) == 0) return {};
    if (errno != EINPROGRESS) return {End::NotReached, because(errno)};
    pollfd writable{.fd = socket.fd, .events = POLLOUT, .revents = 0};
    while (!moment.over()) {
        if (::poll(&writable, 1, kTurnMs) != 1) continue;
        int code = 0;
        socklen_t size = sizeof code;
        ::getsockopt(socket.fd, SOL_SOCKET, SO_ERROR, &code, &size);
        if (code == 0) return {};
        return {End::NotReached, because(code)};
    }
    return {End::TimedOut, "nobody took the connection"};
}

timeval timevalOf(Duration duration)
{
    constexpr int64_t kMicros = 1'000'000;
    return {.tv_sec = duration.count() / kMicros, .tv_usec = duration.count() % kMicros};
}

struct RedisFree {
    void operator()(redisContext* context) const { redisFree(context); }
    void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using RedisReply = std::unique_ptr<redisReply, RedisFree>;

/// What went wrong between us and the server.
SmokeFinding redisFault(const redisContext& context, const SmokeMoment& moment, const char* waitedFor)
{
    if (moment.over()) return {End::TimedOut, waitedFor};
    return {End::NotReached, context.errstr};
}

SmokeFinding ping(redisContext& context, const RedisCheck& check, const SmokeMoment& moment)
{
    const auto late = [&] { // no time at all would mean any time to the library
        redisSetTimeout(&context, timevalOf(moment.left()));
        return moment.over();
    };
    if (late()) return {End::TimedOut, "nobody took the connection"};
    if (!check.password.empty()) {
        const std::string password = moment.filled(check.password);
        const RedisReply reply(
            static_cast<redisReply*>(redisCommand(&context, "AUTH %b", password.data(), password.size())));
        if (!reply) return redisFault(context, moment, "connected, the login was not answered");
        if (reply->type == REDIS_REPLY_ERROR) return {End::Failed, moment.quoted(reply->str)};
        if (late()) return {End::TimedOut, "connected, the login was answered late"};
    }
    const RedisReply reply(static_cast<redisReply*>(redisCommand(&context, "PING")));
    if (!reply) return redisFault(context, moment, "connected, PING was not answered");
    const std::string said(reply->str == nullptr ? "" : reply->str, reply->len);
    if (reply->type == REDIS_REPLY_STATUS && said == "PONG") return {};
    return {End::Failed, fmt::format("PING is answered by '{}'", moment.quoted(said))};
}

} // namespace

SmokeFinding checkTcp(const TcpCheck& check, const SmokeMoment& moment)
{
    auto address = parseHaproxyAddress("tcp:" + moment.filled(check.address));
    if (!address) return {End::NotReached, fmt::format("{} is no address", check.address)};
    AddressLookup lookup(address.value());
    while (!moment.over()) {
        const auto found = lookup.get();
        if (!found) return {End::NotReached, found.error().detail};
        if (found.value()) {
            SmokeFinding reached = connectTo(*found.value(), moment);
            if (!reached.problem.empty()) reached.problem = fmt::format("{}: {}", check.address, reached.problem);
            return reached;
        }
        ::poll(nullptr, 0, kTurnMs);
    }
    return {End::TimedOut, check.address + ": its name was not looked up"};
}

SmokeFinding checkRedis(const RedisCheck& check, const SmokeMoment& moment)
{
    const auto address = parseHaproxyAddress("tcp:" + moment.filled(check.address));
    if (!address) return {End::NotReached, fmt::format("{} is no address", check.address)};
    const int port = std::atoi(address.value().port.c_str());
    const std::unique_ptr<redisContext, RedisFree> context(
        redisConnectWithTimeout(address.value().host.c_str(), port, timevalOf(moment.left())));
    if (!context) return {End::NotReached, "no memory for a connection"};
    SmokeFinding found =
        context->err == 0 ? ping(*context, check, moment) : redisFault(*context, moment, "nobody took the connection");
    if (!found.problem.empty()) found.problem = fmt::format("redis {}: {}", check.address, found.problem);
    return found;
}

} // namespace sluice::adapters
