// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// A version by the rules of Semantic Versioning 2.0.0 (semver.org).
struct SemVer {
    uint64_t major{0};
    uint64_t minor{0};
    uint64_t patch{0};
    std::vector<std::string> pre{}; ///< "rc.1" is {"rc", "1"}; empty: a release
    std::string build{};            ///< after '+'; says nothing about the order

    /// "1.2.3-rc.1+5", also with a 'v' before it as tags have; none for anything else.
    static std::optional<SemVer> parse(std::string_view text);
    /// Without the 'v'.
    std::string text() const;
    /// Precedence as in clause 11: builds of one version are equivalent.
    std::weak_ordering operator<=>(const SemVer& other) const;
    bool operator==(const SemVer& other) const { return (*this <=> other) == 0; }
};

/// Which versions will do: comparisons that must all hold.
struct VersionRange {
    struct Bound {
        enum class Op { Equal, Less, AtMost, More, AtLeast };
        Op op{Op::Equal};
        SemVer version{};
    };
    std::vector<Bound> bounds{}; ///< empty: any version
    std::string text{};          ///< as written

    /// ">=1.2.0 <2.0.0" (2.0.0-rc.1 is below 2.0.0), "^1.2.0" (nothing that breaks: below 2.0.0, or 0.3.0 for ^0.2.1),
    /// "~1.2.3" (below 1.3.0), "1.2.3" or "*"; none for anything else.
    static std::optional<VersionRange> parse(std::string_view text);
    bool holds(const SemVer& version) const;
};

} // namespace sluice
