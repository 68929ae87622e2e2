// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/adapters/haproxy_address.h"

#include <atomic>
#include <cstring>
#include <thread>
#include <utility>

#include <netdb.h>
#include <sys/un.h>

#include <fmt/format.h>

namespace sluice::adapters {

namespace {

constexpr const char* kSupported = "supported are unix:/path and tcp:HOST:PORT";

Error badAddress(std::string_view text, std::string_view why)
{
    return {Fault::BadInput, fmt::format("Router address {}: {}; {}.", text, why, kSupported)};
}

Result<HaproxyAddress> parseTcp(std::string_view text, std::string_view rest)
{
    const size_t colon = rest.rfind(':');
    if (colon == std::string_view::npos || colon == 0 || colon + 1 == rest.size())
        return badAddress(text, "host or port is missing");
    std::string_view host = rest.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    const std::string_view port = rest.substr(colon + 1);
    if (port.find_first_not_of("0123456789") != std::string_view::npos || port.size() > 5)
        return badAddress(text, "the port is no number");
    return HaproxyAddress{.kind = HaproxyAddress::Kind::Tcp, .host = std::string(host), .port = std::string(port)};
}

std::string shellQuoted(std::string_view text)
{
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'')
            out += "'\\''";
        else
            out += c;
    }
    return out + "'";
}

/// First address of a host; `flags` decides whether a name server may be asked.
Result<SocketAddress> resolve(const HaproxyAddress& address, int flags)
{
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = flags;
    addrinfo* found = nullptr;
    const int error = getaddrinfo(address.host.c_str(), address.port.c_str(), &hints, &found);
    if (error != 0)
        return Error{Fault::Unreachable, fmt::format("Host {} is not known: {}.", address.host, gai_strerror(error))};
    SocketAddress out;
    std::memcpy(&out.storage, found->ai_addr, found->ai_addrlen);
    out.length = found->ai_addrlen;
    freeaddrinfo(found);
    return out;
}

} // namespace

Result<HaproxyAddress> parseHaproxyAddress(std::string_view text)
{
    if (text.starts_with("unix:")) {
        HaproxyAddress out{.kind = HaproxyAddress::Kind::Unix, .path = std::string(text.substr(5))};
        if (out.path.empty()) return badAddress(text, "the path is missing");
        if (out.path.size() >= sizeof(sockaddr_un::sun_path))
            return badAddress(text, "the path is longer than the 107 bytes of a unix socket");
        return out;
    }
    if (text.starts_with("tcp:")) return parseTcp(text, text.substr(4));
    if (text.starts_with("ssh:"))
        return badAddress(text, "ssh is not supported yet, forward the socket with ssh -L and name it as unix:");
    return badAddress(text, "its kind is not known");
}

std::string manualCommand(const std::string& address, const std::vector<std::string>& commands)
{
    std::string joined;
    for (const std::string& command : commands)
        joined += (joined.empty() ? "" : "; ") + command;
    std::string where = address;
    if (const auto parsed = parseHaproxyAddress(address)) {
        const HaproxyAddress& a = parsed.value();
        where =
            a.kind == HaproxyAddress::Kind::Unix ? "UNIX-CONNECT:" + a.path : fmt::format("TCP:{}:{}", a.host, a.port);
    }
    return fmt::format("echo {} | socat -t 5 - {}", shellQuoted(joined), shellQuoted(where));
}

/// Shared with the thread that asks the name server, which may outlive the connection.
struct AddressLookup::Job {
    std::atomic<bool> done{false};
    Result<SocketAddress> result{Error{Fault::Unknown, "not looked up yet"}}; // written before `done`
};

AddressLookup::AddressLookup(HaproxyAddress address)
    : m_address(std::move(address))
{
}

Result<std::optional<SocketAddress>> AddressLookup::get()
{
    if (m_address.kind == HaproxyAddress::Kind::Unix) {
        SocketAddress out;
        auto* unixAddress = reinterpret_cast<sockaddr_un*>(&out.storage);
        unixAddress->sun_family = AF_UNIX;
        m_address.path.copy(unixAddress->sun_path, sizeof(unixAddress->sun_path) - 1);
        out.length = sizeof(sockaddr_un);
        return std::optional(out);
    }
    if (const auto numeric = resolve(m_address, AI_NUMERICHOST | AI_NUMERICSERV)) return std::optional(numeric.value());
    if (!m_job) {
        m_job = std::make_shared<Job>();
        std::thread([job = m_job, address = m_address] {
            job->result = resolve(address, AI_NUMERICSERV);
            job->done.store(true, std::memory_order_release);
        }).detach();
    }
    if (!m_job->done.load(std::memory_order_acquire)) return std::optional<SocketAddress>{};
    const std::shared_ptr<Job> job = std::exchange(m_job, nullptr);
    if (!job->result) return job->result.error();
    return std::optional(job->result.value());
}

} // namespace sluice::adapters
