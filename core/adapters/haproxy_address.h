// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/socket.h>

#include "core/base/result.h"

namespace sluice::adapters {

class SshTunnel;

/// Where a runtime socket listens: `unix:/path`, `tcp:HOST:PORT` (`tcp:[::1]:PORT`), `ssh:HOST:/path`.
struct HaproxyAddress {
    enum class Kind { Unix, Tcp, Ssh };
    Kind kind{Kind::Unix};
    std::string path{}; ///< Unix; Ssh: on the other machine
    std::string host{}; ///< Tcp; Ssh: as ssh understands it, with or without a user
    std::string port{};
    friend bool operator==(const HaproxyAddress&, const HaproxyAddress&) = default;
};

/// Fault::BadInput with a sentence that says what is supported.
Result<HaproxyAddress> parseHaproxyAddress(std::string_view text);

/// The line a person pastes into a shell to send commands to this address.
std::string manualCommand(const std::string& address, const std::vector<std::string>& commands);

/// The same for what is made of the answers to `questions`: `filter` is a shell command from these to lines of
/// commands.
std::string manualPipeline(const std::string& address, const std::vector<std::string>& questions,
                           const std::string& filter);
/// One word of a shell line.
std::string shellQuoted(std::string_view text);

/// A socket address ready for connect().
struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t length{0};
};

/// Turns an address into socket addresses without ever blocking the caller: numeric addresses and paths at once,
/// host names on a thread of their own, sockets of other machines through an ssh that lives as long as this. One per
/// connection; belongs to one thread.
class AddressLookup {
public:
    explicit AddressLookup(HaproxyAddress address);
    ~AddressLookup();

    /// The address; none while a name is being looked up or ssh connects; Fault::Unreachable when that failed (the
    /// next call starts another one).
    Result<std::optional<SocketAddress>> get();

private:
    struct Job;
    HaproxyAddress m_address;
    std::shared_ptr<Job> m_job{};
    std::unique_ptr<SshTunnel> m_tunnel{};
};

} // namespace sluice::adapters
