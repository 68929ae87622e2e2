// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/journal/command_codec.h"

#include <map>

#include "core/journal/command_fields.h"
#include "core/rollout/ask_target.h"

namespace sluice::journal {

using nlohmann::json;
using rollout::Command;

namespace {

constexpr int kSchema = 1;

Error unreadable(const std::string& sentence)
{
    return Error{Fault::BadInput, sentence};
}

using Decoder = Result<Command> (*)(FieldReader::Json object);

template <class T>
Result<Command> decodeAs(FieldReader::Json object)
{
    const FieldPath path{.name = "fields"};
    FieldReader reader(object, path);
    T value{};
    fields(reader, value);
    if (std::string problem = reader.finish(); !problem.empty()) return unreadable("The request: " + problem + ".");
    return Command(std::move(value));
}

template <class... T>
std::map<std::string_view, Decoder> decodersOf(const std::variant<T...>*)
{
    return {{rollout::commandName(Command(T{})), &decodeAs<T>}...};
}

const std::map<std::string_view, Decoder>& decoders()
{
    static const auto table = decodersOf(static_cast<const Command*>(nullptr));
    return table;
}

/// The frame around the fields.
struct Frame {
    std::string command{};
    int schema{0};
    FieldReader::Json fields{};
};

Result<Frame> frameOf(FieldReader::Json parsed)
{
    const FieldPath top;
    FieldReader reader(parsed, top);
    Frame frame;
    reader("command", frame.command);
    reader("schema", frame.schema);
    reader("fields", frame.fields);
    if (std::string problem = reader.finish(); !problem.empty()) return unreadable("The request: " + problem + ".");
    return frame;
}

} // namespace

std::string encodeCommand(const Command& command)
{
    json object = std::visit(
        [](auto one) {
            FieldWriter writer;
            fields(writer, one);
            return writer.take();
        },
        command);
    const json frame{
        {"command", std::string(rollout::commandName(command))}, {"fields", std::move(object)}, {"schema", kSchema}};
    return frame.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<Command> decodeCommand(std::string_view text)
{
    if (text.size() > kLongestBody) return unreadable("The request is too long to be one.");
    simdjson::dom::parser parser;
    FieldReader::Json parsed;
    const bool isJson = !parser.parse(text.data(), text.size()).get(parsed);
    if (!isJson || !parsed.is_object()) return unreadable("The request is no JSON object.");
    const Result<Frame> frame = frameOf(parsed);
    if (!frame) return frame.error();
    const auto decoder = decoders().find(frame.value().command);
    if (decoder == decoders().end()) {
        return unreadable("The request \"" + frame.value().command + "\" is not known to this version.");
    }
    if (frame.value().schema != kSchema) {
        return unreadable("The request \"" + frame.value().command + "\" has schema " +
                          std::to_string(frame.value().schema) + "; this version knows " + std::to_string(kSchema) +
                          ".");
    }
    return decoder->second(frame.value().fields);
}

} // namespace sluice::journal
