// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/time.h"

namespace sluice::app::lab {

/// What is wrong with a replica on purpose. Shares are in millionths; 0 = healthy in that respect.
struct InjectedFault {
    int64_t errorsPpm{0};    ///< share of requests answered 500, instead of the healthy share
    Duration latency{0};     ///< added to every answer
    int64_t cpuPpm{0};       ///< reported CPU ratio, instead of the measured one
    int64_t memoryPpm{0};    ///< reported memory ratio, instead of the measured one
    int64_t paymentsPpm{0};  ///< share of payments that fail, instead of the healthy share
    int64_t usersLostPpm{0}; ///< share of users (always the same ones) that count no longer as active
    bool unhealthy{false};   ///< /health and /ready answer 503
    friend bool operator==(const InjectedFault&, const InjectedFault&) = default;
};

struct FaultOrder {
    InjectedFault fault{};
    std::optional<int> atWeight{}; ///< 1/10'000: comes into force when the canary's split reaches this
    friend bool operator==(const FaultOrder&, const FaultOrder&) = default;
};

/// `errors=10%,latency=+400ms,cpu=80%,memory=90%,payments=5%,users=-30%,health=fail`, any of them once, with
/// `@10%` at the end for "when the canary reaches 10 %". Strict: an error names the word that is wrong.
Result<FaultOrder> parseFault(std::string_view text);

/// "10%" or "2.5%" to 1/10'000; 0 to 100 %.
Result<int> parseWeight(std::string_view text);

/// "90s", "20m", "2h", "500ms"; whole numbers only.
Result<Duration> parseDuration(std::string_view text);

/// The canonical text of a fault, "none" for a healthy one.
std::string faultText(const InjectedFault& fault);

} // namespace sluice::app::lab
