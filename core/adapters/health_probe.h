// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "core/adapters/http_client.h"
#include "core/ports/port_message.h"
#include "core/ports/workload_controller.h"

namespace sluice::adapters {

/// What an answer of a health address says: 200, a JSON object whose `status` is "ok" (also "up", "healthy", "pass"),
/// and `version` equal to the release. The problem is one sentence and empty when all is well. Pure.
ports::HealthAnswer judgeHealth(long httpStatus, std::string_view body, const std::string& expectedVersion);

/// ports::HealthProbe over HTTP. One question per target is under way; a new one meanwhile is dropped, the engine asks
/// again. No answer is a HealthAnswer with `ok` false and the reason.
class HttpHealthProbe final : public ports::HealthProbe {
public:
    static constexpr size_t kMaxBytes = 64 * 1024;
    static constexpr Duration kLimit = std::chrono::seconds(5);

    explicit HttpHealthProbe(ports::Sink sink);
    void probe(const TargetId& target, const std::string& url, const std::string& expectedVersion) override;

private:
    const ports::Sink m_sink;
    std::mutex m_mutex{};
    std::set<TargetId> m_underWay{}; // guarded by m_mutex
    HttpClient m_http{};             ///< last: its thread ends before what it uses
};

} // namespace sluice::adapters
