// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include <nlohmann/json.hpp>

#include "core/base/id.h"
#include "core/base/time.h"
#include "core/model/weight.h"

// How the small values look in JSON: durations and instants as µs, weights in 1/10,000, ids as text.

namespace nlohmann {

template <class T>
struct adl_serializer<std::optional<T>> {
    static void to_json(json& j, const std::optional<T>& value)
    {
        if (value)
            j = *value;
        else
            j = nullptr;
    }
    static void from_json(const json& j, std::optional<T>& value)
    {
        if (j.is_null())
            value.reset();
        else
            value = j.get<T>();
    }
};

template <>
struct adl_serializer<sluice::Duration> {
    static void to_json(json& j, const sluice::Duration& value) { j = value.count(); }
    static void from_json(const json& j, sluice::Duration& value) { value = sluice::Duration(j.get<int64_t>()); }
};

template <>
struct adl_serializer<sluice::WallTime> {
    static void to_json(json& j, const sluice::WallTime& value) { j = sluice::micros(value); }
    static void from_json(const json& j, sluice::WallTime& value) { value = sluice::wallTime(j.get<int64_t>()); }
};

template <>
struct adl_serializer<sluice::BootTime> {
    static void to_json(json& j, const sluice::BootTime& value) { j = sluice::micros(value); }
    static void from_json(const json& j, sluice::BootTime& value) { value = sluice::bootTime(j.get<int64_t>()); }
};

template <class Tag>
struct adl_serializer<sluice::Id<Tag>> {
    static void to_json(json& j, const sluice::Id<Tag>& value) { j = value.value; }
    static void from_json(const json& j, sluice::Id<Tag>& value) { value.value = j.get<std::string>(); }
};

template <>
struct adl_serializer<sluice::Weight> {
    static void to_json(json& j, const sluice::Weight& value) { j = value.perTenThousand(); }
    static void from_json(const json& j, sluice::Weight& value)
    {
        value = sluice::Weight::parse(j.get<int64_t>()).value_or(sluice::Weight::none());
    }
};

} // namespace nlohmann
