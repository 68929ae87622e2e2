// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/adapters/haproxy_address.h"

#include <atomic>
#include <cstring>
#include <functional>
#include <thread>
#include <utility>

#include <netdb.h>
#include <sys/un.h>

#include <fmt/format.h>

#include "core/adapters/ssh_tunnel.h"

namespace sluice::adapters {

namespace {

constexpr const char* kSupported = "supported are unix:/path, tcp:HOST:PORT and ssh:HOST:/path";

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

Result<HaproxyAddress> parseSsh(std::string_view text, std::string_view rest)
{
    const size_t colon = rest.find(":/");
    if (colon == std::string_view::npos || colon == 0) return badAddress(text, "host or path is missing");
    if (rest.front() == '-') return badAddress(text, "a host cannot begin with a dash");
    return HaproxyAddress{.kind = HaproxyAddress::Kind::Ssh,
                          .path = std::string(rest.substr(colon + 1)),
                          .host = std::string(rest.substr(0, colon))};
}

SocketAddress socketOf(const std::string& path)
{
    SocketAddress out;
    auto* unixAddress = reinterpret_cast<sockaddr_un*>(&out.storage);
    unixAddress->sun_family = AF_UNIX;
    path.copy(unixAddress->sun_path, sizeof(unixAddress->sun_path) - 1);
    out.length = sizeof(sockaddr_un);
    return out;
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
    if (text.starts_with("ssh:")) return parseSsh(text, text.substr(4));
    return badAddress(text, "its kind is not known");
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

namespace {

std::string joined(const std::vector<std::string>& commands)
{
    std::string line;
    for (const std::string& command : commands)
        line += (line.empty() ? "" : "; ") + command;
    return line;
}

/// `line` makes a shell line of the socat that talks to a socket; it runs where the socket is.
std::string atSocket(const std::string& address, const std::function<std::string(const std::string& socat)>& line)
{
    const auto socat = [](const std::string& where) { return "socat -t 5 - " + shellQuoted(where); };
    const auto parsed = parseHaproxyAddress(address);
    if (!parsed) return line(socat(address));
    const HaproxyAddress& a = parsed.value();
    switch (a.kind) {
    case HaproxyAddress::Kind::Unix: return line(socat("UNIX-CONNECT:" + a.path));
    case HaproxyAddress::Kind::Tcp: return line(socat(fmt::format("TCP:{}:{}", a.host, a.port)));
    case HaproxyAddress::Kind::Ssh:
        return fmt::format("ssh {} {}", shellQuoted(a.host), shellQuoted(line(socat("UNIX-CONNECT:" + a.path))));
    }
    return line(socat(address));
}

} // namespace

std::string manualCommand(const std::string& address, const std::vector<std::string>& commands)
{
    return atSocket(address, [&](const std::string& socat) {
        return fmt::format("echo {} | {}", shellQuoted(joined(commands)), socat);
    });
}

std::string manualPipeline(const std::string& address, const std::vector<std::string>& questions,
                           const std::string& filter)
{
    return atSocket(address, [&](const std::string& socat) {
        return fmt::format("echo {} | {} | {} | paste -sd ';' - | {}", shellQuoted(joined(questions)), socat, filter,
                           socat);
    });
}

/// Shared with the thread that asks the name server, which may outlive the connection.
struct AddressLookup::Job {
    std::atomic<bool> done{false};
    Result<SocketAddress> result{Error{Fault::Unknown, "not looked up yet"}}; // written before `done`
};

AddressLookup::AddressLookup(HaproxyAddress address)
    : m_address(std::move(address))
{
    if (m_address.kind == HaproxyAddress::Kind::Ssh)
        m_tunnel = std::make_unique<SshTunnel>(m_address.host, m_address.path);
}

AddressLookup::~AddressLookup() = default;

Result<std::optional<SocketAddress>> AddressLookup::get()
{
    if (m_address.kind == HaproxyAddress::Kind::Unix) return std::optional(socketOf(m_address.path));
    if (m_tunnel) {
        const auto local = m_tunnel->get();
        if (!local) return local.error();
        return local.value() ? std::optional(socketOf(*local.value())) : std::optional<SocketAddress>{};
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
