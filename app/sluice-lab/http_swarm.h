// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/time.h"

namespace sluice::app::lab {

/// Many small GET requests over kept-alive connections, driven by one thread (the caller's).
class HttpSwarm {
public:
    struct Ask {
        std::string url{};
        std::vector<std::string> headers{}; ///< "Name: value"
        uint64_t tag{0};                    ///< comes back with the answer
    };
    struct Answer {
        uint64_t tag{0};
        int status{0};         ///< 0 = no answer (refused, time-out)
        std::string track{};   ///< X-Track, as the service says
        std::string version{}; ///< X-Version, as the service says
        std::string canary{};  ///< X-Canary, as the proxy says
        std::string body{};    ///< at most kMaxBody bytes, cut there
    };
    static constexpr size_t kMaxBody = 64 * 1024;

    /// `capacity` bounds the requests in flight; each is given up after `timeout`.
    HttpSwarm(int capacity, Duration timeout);
    ~HttpSwarm();

    /// False when `capacity` requests are in flight.
    [[nodiscard]] bool ask(const Ask& ask);
    /// Moves everything on; waits at most `wait` when nothing can be done now.
    std::vector<Answer> turn(Duration wait);
    int inFlight() const;

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace sluice::app::lab
