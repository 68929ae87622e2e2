// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <utility>

namespace sluice {

/// A name that cannot be mixed up with another kind of name.
template <class Tag>
struct Id {
    std::string value{};

    Id() = default;
    explicit Id(std::string text)
        : value(std::move(text))
    {
    }
    bool empty() const { return value.empty(); }
    friend auto operator<=>(const Id&, const Id&) = default;
    friend bool operator==(const Id&, const Id&) = default;
};

using RolloutId = Id<struct RolloutTag>; ///< time-ordered, unique in one journal, e.g. "r-20261121-143206-1f3a"
using TargetId = Id<struct TargetTag>;   ///< "service/environment", e.g. "checkout/production"
using PersonId = Id<struct PersonTag>;   ///< id of the connections file, e.g. "ana"; "engine" for the engine itself

} // namespace sluice

template <class Tag>
struct std::hash<sluice::Id<Tag>> {
    size_t operator()(const sluice::Id<Tag>& id) const noexcept { return std::hash<std::string>{}(id.value); }
};
