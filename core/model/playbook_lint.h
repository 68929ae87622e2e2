// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/model/playbook.h"
#include "core/model/problem.h"
#include "core/model/yaml_tree.h"

// Inside of lintPlaybook(): what the rules share.

namespace sluice {

/// Load of CPU and memory that the rules about the score take as normal.
constexpr int64_t kUsualLoadPpm = 300'000;

/// Collects warnings at the place in the playbook's own text that they are about.
class LintReport {
public:
    LintReport(const Playbook& playbook, std::string_view file);

    /// `steps`: keys, and positions in lists, e.g. {"stages", "1", "bake"}. What is not in the file is shown at the
    /// nearest thing around it that is.
    void warn(const std::vector<std::string>& steps, std::string message);
    std::vector<Problem> take();

    const Playbook& playbook;

private:
    std::string m_file;
    YamlNode m_tree{};
    std::vector<Problem> m_warnings{};
};

void lintScore(LintReport& report);
void lintBaselines(LintReport& report);
void lintTriggers(LintReport& report);
void lintStages(LintReport& report);
void lintMetrics(LintReport& report);

bool isRelative(const Condition& condition);
/// How long a trigger's condition has to hold; checks are seconds.
Duration holdOf(const Trigger& trigger);

} // namespace sluice
