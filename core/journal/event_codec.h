// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/rollout/event.h"

namespace sluice::journal {

/// An event as it is stored: type (rollout::eventName), schema of that type, canonical JSON.
struct EncodedEvent {
    std::string type{};
    int schema{1};
    std::string body{};
    friend bool operator==(const EncodedEvent&, const EncodedEvent&) = default;
};

/// Pure; equal events give equal bytes.
EncodedEvent encodeEvent(const rollout::Event& event);

/// Strict: an unknown type or schema, a missing or unknown field, a float or a wrong kind of value is an Error
/// (Fault::Internal) that names it. A newer program's events are never half understood.
Result<rollout::Event> decodeEvent(std::string_view type, int schema, std::string_view body);

std::string encodeActor(const rollout::Actor& actor);
Result<rollout::Actor> decodeActor(std::string_view text);

} // namespace sluice::journal
