// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/redacted.h"
#include "core/base/time.h"

namespace sluice::adapters {

struct HttpRequest {
    std::string url{};                  ///< http or https
    std::string method{};               ///< empty: GET, or POST where there is a body
    std::string body{};                 ///< application/x-www-form-urlencoded where no header says otherwise
    std::vector<std::string> headers{}; ///< "Name: value"
    Redacted bearer{};                  ///< empty = no Authorization
    Duration connectLimit{std::chrono::seconds(3)};
    Duration limit{std::chrono::seconds(10)}; ///< the whole call
    size_t maxBytes{size_t{32} << 20};        ///< of the body, after decompression
};

struct HttpReply {
    /// Answered: `status` and `body` are whole. Everything else: the request may or may not have had its effect.
    enum class Outcome { Answered, TimedOut, TooLarge, Failed };
    Outcome outcome{Outcome::Failed};
    long status{0};
    std::string body{};
    std::string date{}; ///< Date header as sent
    /// One sentence, without secrets; at a time-out with what was waited for; empty when answered.
    std::string problem{};
    Duration took{0};
};

/// HTTP over kept-alive connections, on one thread of its own (curl multi). Redirects are not followed, certificates
/// are checked. Any thread may send; replies are given on the client's thread. Destroying it drops what is under way:
/// no reply is given after the destructor returned.
class HttpClient {
public:
    using OnReply = std::function<void(HttpReply)>;
    static constexpr size_t kMaxUnderWay = 64;

    HttpClient();
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    /// False when kMaxUnderWay requests are under way: `onReply` is not called.
    [[nodiscard]] bool send(HttpRequest request, OnReply onReply);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// `application/x-www-form-urlencoded`.
std::string formEncoded(std::string_view text);
/// "Sat, 21 Nov 2026 12:29:14 GMT" as seconds since the epoch, whole; zero when it is no date.
WallTime parseHttpDate(std::string_view text);

} // namespace sluice::adapters
