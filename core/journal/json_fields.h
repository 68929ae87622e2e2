// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>
#include <simdjson.h>

#include "core/base/check.h"
#include "core/base/id.h"
#include "core/base/result.h"
#include "core/base/time.h"
#include "core/model/weight.h"

// One description per struct, `fields(archive, value)`, serves writing and reading, so the two cannot drift apart.
// Written JSON is canonical: sorted keys (nlohmann's object is a std::map), integers only. Reading is strict: a
// missing, unknown or repeated field, a float or a value of another type is an Error that names it. A start reads
// millions of events, so simdjson reads them.

namespace sluice::journal {

/// Names of an enum's values as stored; a specialisation has `static constexpr std::array<std::pair<E, name>, n>`.
template <class E>
struct EnumNames;

/// Classes that are one value and have no fields of their own.
template <class T>
inline constexpr bool kIsOneValue = std::is_same_v<T, std::string> || std::is_same_v<T, Duration> ||
                                    std::is_same_v<T, WallTime> || std::is_same_v<T, Weight>;
template <class Tag>
inline constexpr bool kIsOneValue<Id<Tag>> = true;

class FieldWriter {
public:
    template <class T>
    void operator()(const char* name, T& value)
    {
        m_object[name] = toJson(value);
    }
    nlohmann::json take() { return std::move(m_object); }

private:
    static nlohmann::json toJson(const std::string& value) { return value; }
    static nlohmann::json toJson(bool value) { return value; }
    static nlohmann::json toJson(Duration value) { return micros(value); }
    static nlohmann::json toJson(WallTime value) { return micros(value); }
    static nlohmann::json toJson(Weight value) { return value.perTenThousand(); }
    template <std::integral T>
    static nlohmann::json toJson(T value)
    {
        return static_cast<int64_t>(value);
    }
    template <class Tag>
    static nlohmann::json toJson(const Id<Tag>& value)
    {
        return value.value;
    }
    template <class T>
    static nlohmann::json toJson(std::optional<T>& value)
    {
        return value ? toJson(*value) : nlohmann::json(nullptr);
    }
    template <class T>
    static nlohmann::json toJson(std::vector<T>& value)
    {
        nlohmann::json list = nlohmann::json::array();
        for (T& item : value)
            list.push_back(toJson(item));
        return list;
    }
    template <class T>
    static nlohmann::json toJson(std::map<std::string, T>& value)
    {
        nlohmann::json object = nlohmann::json::object();
        for (auto& [key, item] : value)
            object[key] = toJson(item);
        return object;
    }
    template <class E>
    requires std::is_enum_v<E>
    static nlohmann::json toJson(E value)
    {
        for (const auto& [item, name] : EnumNames<E>::kNames) {
            if (item == value) return std::string(name);
        }
        SLUICE_CHECK(!"an enum value without a name");
        return nullptr;
    }
    template <class T>
    requires(std::is_class_v<T> && !kIsOneValue<T>) static nlohmann::json toJson(T& value)
    {
        FieldWriter inner;
        fields(inner, value);
        return inner.take();
    }

    nlohmann::json m_object = nlohmann::json::object();
};

/// Where a value stands. It becomes text only when something is wrong there: a replay reads millions of fields.
struct FieldPath {
    const FieldPath* outer{nullptr};
    std::string_view name{};
    int64_t index{-1}; ///< of a list's item; then there is no name

    std::string text() const
    {
        std::string all = outer != nullptr ? outer->text() : std::string();
        if (index >= 0) return all + "[" + std::to_string(index) + "]";
        if (!all.empty() && !name.empty()) all += '.';
        return all.append(name);
    }
};

/// Reads one object; the first problem is kept and everything after it is skipped.
class FieldReader {
public:
    using Json = simdjson::dom::element;

    /// `path` must live as long as this.
    FieldReader(Json json, const FieldPath& path)
        : m_path(path)
    {
        m_isObject = !json.get(m_object);
        if (!m_isObject) fail(m_path, "is no object");
    }

    template <class T>
    void operator()(const char* name, T& value)
    {
        if (!m_problem.empty()) return;
        SLUICE_CHECK(m_count < m_known.size());
        m_known[m_count++] = name;
        const FieldPath path{&m_path, name};
        Json found;
        if (m_object.at_key(name).get(found)) return fail(path, "is missing");
        read(path, found, value);
    }

    /// The first problem as a sentence, empty when all was read and nothing is left over.
    std::string finish()
    {
        if (!m_problem.empty() || !m_isObject || m_object.size() == m_count) return m_problem;
        const auto known = std::span(m_known).first(m_count);
        for (const auto& [key, item] : m_object)
            if (std::ranges::find(known, key) == known.end()) fail({&m_path, key}, "is not known");
        if (m_problem.empty()) fail(m_path, "has a field twice");
        return m_problem;
    }

private:
    static constexpr size_t kMostFields = 64; ///< of one struct

    void fail(const FieldPath& path, std::string_view what)
    {
        if (m_problem.empty()) m_problem = "field \"" + path.text() + "\" " + std::string(what);
    }

    static void read(const FieldPath&, Json json, Json& value) { value = json; }
    void read(const FieldPath& path, Json json, std::string& value) { value = text(path, json); }
    void read(const FieldPath& path, Json json, bool& value)
    {
        if (json.get(value)) fail(path, "is neither true nor false");
    }
    template <std::integral T>
    void read(const FieldPath& path, Json json, T& value)
    {
        const auto number = integer(path, json);
        if (!std::in_range<T>(number)) return fail(path, "is out of range");
        value = static_cast<T>(number);
    }
    void read(const FieldPath& path, Json json, Duration& value) { value = Duration(integer(path, json)); }
    void read(const FieldPath& path, Json json, WallTime& value) { value = wallTime(integer(path, json)); }
    void read(const FieldPath& path, Json json, Weight& value)
    {
        const auto weight = Weight::parse(integer(path, json));
        if (!weight) return fail(path, "is no weight between 0 and 10000");
        value = *weight;
    }
    template <class Tag>
    void read(const FieldPath& path, Json json, Id<Tag>& value)
    {
        read(path, json, value.value);
    }
    template <class T>
    void read(const FieldPath& path, Json json, std::optional<T>& value)
    {
        value.reset();
        if (json.is_null()) return;
        read(path, json, value.emplace());
    }
    template <class T>
    void read(const FieldPath& path, Json json, std::vector<T>& value)
    {
        simdjson::dom::array list;
        if (json.get(list)) return fail(path, "is no list");
        value.clear();
        for (const Json item : list) {
            const FieldPath inner{&path, {}, static_cast<int64_t>(value.size())};
            read(inner, item, value.emplace_back());
        }
    }
    template <class T>
    void read(const FieldPath& path, Json json, std::map<std::string, T>& value)
    {
        simdjson::dom::object object;
        if (json.get(object)) return fail(path, "is no object");
        value.clear();
        for (const auto& [key, item] : object)
            read({&path, key}, item, value[std::string(key)]);
    }
    template <class E>
    requires std::is_enum_v<E>
    void read(const FieldPath& path, Json json, E& value)
    {
        const std::string_view name = text(path, json);
        for (const auto& [item, known] : EnumNames<E>::kNames) {
            if (known != name) continue;
            value = item;
            return;
        }
        fail(path, "has the unknown value \"" + std::string(name) + "\"");
    }
    template <class T>
    requires(std::is_class_v<T>) void read(const FieldPath& path, Json json, T& value)
    {
        FieldReader inner(json, path);
        fields(inner, value);
        if (std::string problem = inner.finish(); !problem.empty() && m_problem.empty()) m_problem = problem;
    }

    std::string_view text(const FieldPath& path, Json json)
    {
        std::string_view read;
        if (json.get(read)) fail(path, "is no text");
        return read;
    }
    int64_t integer(const FieldPath& path, Json json)
    {
        int64_t number = 0;
        if (json.get(number)) fail(path, "is no whole number");
        return number;
    }

    simdjson::dom::object m_object{};
    bool m_isObject{false};
    const FieldPath& m_path;
    std::string m_problem{};
    std::array<std::string_view, kMostFields> m_known{};
    size_t m_count{0};
};

/// Longer bodies are refused before they are parsed; the longest honest one is a start with its playbook.
inline constexpr size_t kLongestBody = 8UL * 1024UL * 1024UL;

/// What a thread keeps for reading bodies grows to about five times the longest one; longer ones are read apart.
inline constexpr size_t kKeptBody = 64UL * 1024UL;

/// A replay would allocate for each of a million. What it read stands until the next use: decode() does not nest.
inline simdjson::dom::parser& keptParser()
{
    thread_local simdjson::dom::parser parser;
    return parser;
}

/// Canonical text of a value that has `fields`. Bytes that are no UTF-8 are replaced: they never pass the heart.
template <class T>
std::string encode(T value)
{
    FieldWriter writer;
    fields(writer, value);
    return writer.take().dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// Strict reading of a value that has `fields`; the error says what is wrong, without naming the whole.
template <class T>
Result<T> decode(std::string_view text)
{
    if (text.size() > kLongestBody) return Error{Fault::Internal, " is too long to be one."};
    simdjson::dom::parser once;
    auto& parser = text.size() <= kKeptBody ? keptParser() : once;
    simdjson::dom::element parsed;
    if (parser.parse(text.data(), text.size()).get(parsed)) return Error{Fault::Internal, " is not JSON."};
    const FieldPath top;
    FieldReader reader(parsed, top);
    T value{};
    fields(reader, value);
    if (std::string problem = reader.finish(); !problem.empty()) return Error{Fault::Internal, ": " + problem + "."};
    return value;
}

/// The same; `what` names it in the error.
template <class T>
Result<T> decode(std::string_view text, std::string_view what)
{
    Result<T> read = decode<T>(text);
    if (!read) return Error{Fault::Internal, std::string(what) + read.error().detail};
    return read;
}

} // namespace sluice::journal
