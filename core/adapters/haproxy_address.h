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

/// Where a runtime socket listens: `unix:/path` or `tcp:HOST:PORT` (`tcp:[::1]:PORT`).
struct HaproxyAddress {
    enum class Kind { Unix, Tcp };
    Kind kind{Kind::Unix};
    std::string path{}; ///< Unix
    std::string host{}; ///< Tcp
    std::string port{};
    friend bool operator==(const HaproxyAddress&, const HaproxyAddress&) = default;
};

/// Fault::BadInput with a sentence that says what is supported.
Result<HaproxyAddress> parseHaproxyAddress(std::string_view text);

/// The line a person pastes into a shell to send commands to this address.
std::string manualCommand(const std::string& address, const std::vector<std::string>& commands);

/// A socket address ready for connect().
struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t length{0};
};

/// Turns an address into socket addresses without ever blocking the caller: numeric addresses and paths at once,
/// host names on a thread of their own. One per connection; not thread-safe.
class AddressLookup {
public:
    explicit AddressLookup(HaproxyAddress address);

    /// The address; none while a name is being looked up; Fault::Unreachable when the look-up failed (the next call
    /// starts another one).
    Result<std::optional<SocketAddress>> get();

private:
    struct Job;
    HaproxyAddress m_address;
    std::shared_ptr<Job> m_job{};
};

} // namespace sluice::adapters
