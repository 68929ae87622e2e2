// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/problem.h"

// The part of YAML that a plan needs, and nothing that could mean something else than it shows.

namespace sluice {

constexpr size_t kMaxYamlBytes = size_t{1} << 20; ///< a playbook has some 10 kB
constexpr size_t kMaxYamlDepth = 32;
constexpr size_t kMaxYamlNodes = 20'000; ///< bounds the memory of the tree to some MB
/// '[', '{' and ',' anywhere. yaml-cpp keeps up to 260 bytes for each until its collection is closed (measured: 264 MB
/// for a megabyte of '['); 20,000 values need at most 40,000.
constexpr size_t kMaxYamlMarks = 100'000;

/// A value with the place where it stands. A map keeps its order: `keys[i]` belongs to `items[i]`.
struct YamlNode {
    enum class Kind { Null, Scalar, Sequence, Map };
    Kind kind{Kind::Null};
    int line{1};
    int column{1};      ///< in characters
    size_t offset{0};   ///< of its first byte, a byte order mark not counted
    std::string text{}; ///< Scalar only
    std::vector<YamlNode> keys{};
    std::vector<YamlNode> items{};

    /// The value of `key` in a map, or nullptr.
    const YamlNode* find(std::string_view key) const;
};

struct YamlRead {
    YamlNode root{};
    std::vector<Problem> problems{};
    /// Read to its end: `root` may be looked into for more problems; a duplicate key has its first value. Else `root`
    /// holds nothing to rely on, and there is at least one problem.
    bool whole{false};
};

/// Reads one document by events. Pure; never throws; ends in time proportional to the text.
///
/// Refused, each with line and column: invalid UTF-8, control and direction characters, anchors, aliases, tags, merge
/// keys, duplicate keys, keys that are not plain text, several documents, and anything beyond the limits above. A byte
/// order mark is skipped. An empty document is a Null node.
YamlRead readYaml(std::string_view text, std::string_view file);

} // namespace sluice
