// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>

#include "core/base/result.h"
#include "core/model/playbook.h"

namespace sluice::app {

/// Text of a playbook: a built-in's name or a file; a file that is not found as named is looked for in `directory`
/// (that of the connections file). BadInput when there is neither.
Result<std::string> playbookText(const std::string& nameOrFile, const std::string& directory = {});

/// Reads a playbook with settings over its own values. BadInput with every problem, a line each
/// ("file:line:column: path: what is wrong").
Result<Playbook> parsePlaybook(const std::string& text, const std::string& name,
                               const std::map<std::string, std::string>& settings = {});

} // namespace sluice::app
