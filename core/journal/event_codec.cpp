// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/journal/event_codec.h"

#include <map>

#include "core/journal/event_fields.h"

namespace sluice::journal {

using rollout::Event;

namespace {

constexpr int kSchema = 1;

using Decoder = Result<Event> (*)(std::string_view body);

template <class T>
Result<Event> decodeAs(std::string_view body)
{
    Result<T> read = decode<T>(body);
    if (!read) return read.error();
    return Event(std::move(read).value());
}

Error badEvent(std::string_view type, const std::string& what)
{
    return {Fault::Internal, "The event \"" + std::string(type) + "\"" + what};
}

/// One decoder per alternative of Event, so a new event type is readable as soon as it has its fields.
template <class... T>
std::map<std::string_view, Decoder> decodersOf(const std::variant<T...>*)
{
    return {{rollout::eventName(Event(T{})), &decodeAs<T>}...};
}

const std::map<std::string_view, Decoder>& decoders()
{
    static const auto table = decodersOf(static_cast<const Event*>(nullptr));
    return table;
}

} // namespace

EncodedEvent encodeEvent(const Event& event)
{
    return {.type = std::string(rollout::eventName(event)),
            .schema = kSchema,
            .body = std::visit([](const auto& one) { return encode(one); }, event)};
}

Result<Event> decodeEvent(std::string_view type, int schema, std::string_view body)
{
    const auto decoder = decoders().find(type);
    if (decoder == decoders().end()) return badEvent(type, " is of a type this version does not know.");
    if (schema != kSchema) {
        return badEvent(type, " has schema " + std::to_string(schema) + "; this version knows " +
                                  std::to_string(kSchema) + ".");
    }
    auto read = decoder->second(body);
    if (!read) return badEvent(type, read.error().detail);
    return read;
}

std::string encodeActor(const rollout::Actor& actor)
{
    return encode(actor);
}

Result<rollout::Actor> decodeActor(std::string_view text)
{
    return decode<rollout::Actor>(text, "The actor");
}

} // namespace sluice::journal
