// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/model/playbook.h"
#include "core/model/problem.h"

namespace sluice {

/// Reads a playbook, or says everything that is wrong with it (at most 50 problems, in file order).
///
/// Pure: no file, no clock. `file` only names the text in problems. `settings` replaces values of the
/// playbook's `settings:` block and becomes part of the hash; an unknown key is a problem. Limits: 1 MiB,
/// depth 32; anchors, aliases, tags, merge keys, duplicate keys and several documents are problems.
std::variant<Playbook, std::vector<Problem>> readPlaybook(std::string_view text, std::string_view file,
                                                          const std::map<std::string, std::string>& settings = {});

/// What is legal but probably not meant (linter): e.g. "excellent cannot be reached above 67 % load".
std::vector<Problem> lintPlaybook(const Playbook& playbook, std::string_view file);

/// The playbooks that ship: name and YAML text.
struct BuiltInPlaybook {
    std::string_view name{};
    std::string_view text{};
};
const std::vector<BuiltInPlaybook>& builtInPlaybooks();

} // namespace sluice
