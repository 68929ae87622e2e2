// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/model/playbook.h"

namespace sluice::app {

/// Text of a playbook: a built-in's name or a file; a file that is not found as named is looked for in `directory`
/// (that of the connections file). BadInput when there is neither.
Result<std::string> playbookText(const std::string& nameOrFile, const std::string& directory = {});

/// A value over one of the playbook's settings, and where somebody gave it ("--set max_errors=2%").
struct GivenSetting {
    std::string key{};
    std::string value{};
    std::string from{};
};

/// Reads a playbook with settings over its own values, a later one over an earlier one of the same key. BadInput with
/// every problem, a line each: "file:line:column: path: what is wrong", or "from: path: what is wrong" for what a given
/// value breaks in a playbook that is good without it.
Result<Playbook> parsePlaybook(const std::string& text, const std::string& name,
                               const std::vector<GivenSetting>& given = {});

} // namespace sluice::app
