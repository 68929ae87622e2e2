// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/playbook_lint.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "core/model/map_reader.h"
#include "core/model/playbook_reader.h"
#include "core/model/units.h"

namespace sluice {

namespace {

const YamlNode* stepInto(const YamlNode& node, const std::string& step)
{
    if (node.kind == YamlNode::Kind::Map) return node.find(step);
    const auto index = parseCount(step);
    const bool inside =
        node.kind == YamlNode::Kind::Sequence && index && static_cast<size_t>(index.value()) < node.items.size();
    return inside ? &node.items[static_cast<size_t>(index.value())] : nullptr;
}

bool needsMinimum(const Metric& metric)
{
    return metric.kind == MetricKind::Ratio || metric.kind == MetricKind::Quantile;
}

std::set<std::string> usedMetrics(const Playbook& playbook)
{
    std::set<std::string> used(playbook.charts.begin(), playbook.charts.end());
    for (const Stage& stage : playbook.stages) {
        for (const Requirement& requirement : stage.require)
            used.insert(requirement.good.metric);
    }
    for (const Requirement& requirement : playbook.watch.require)
        used.insert(requirement.good.metric);
    for (const Trigger& trigger : playbook.triggers)
        used.insert(trigger.when.metric);
    for (const ScorePart& part : playbook.score.parts)
        used.insert(part.metrics.begin(), part.metrics.end());
    return used;
}

/// A window longer than the stage never fills in it; only a minimum of requests says when there is enough in it.
void lintWindows(LintReport& report, size_t stage)
{
    const Stage& it = report.playbook.stages[stage];
    for (size_t i = 0; i < it.require.size(); ++i) {
        const Condition& good = it.require[i].good;
        const Metric* metric = report.playbook.metric(good.metric);
        const Duration window = good.window.value_or(metric->window);
        if (window <= it.bake || metric->kind == MetricKind::Gauge || metric->minRequests > 0) continue;
        report.warn(
            {"stages", std::to_string(stage), "require", std::to_string(i)},
            fmt::format(
                "the window of {} ({}) is longer than the bake ({}), and no min_requests says when it is enough",
                metric->id, durationUnitText(window), durationUnitText(it.bake)));
    }
}

} // namespace

LintReport::LintReport(const Playbook& it, std::string_view file)
    : playbook(it)
    , m_file(file)
{
    m_tree = readYaml(it.text, file).root;
}

void LintReport::warn(const std::vector<std::string>& steps, std::string message)
{
    const YamlNode* node = &m_tree;
    std::string path;
    bool found = true;
    for (const std::string& step : steps) {
        const bool index = node->kind == YamlNode::Kind::Sequence;
        const YamlNode* next = found ? stepInto(*node, step) : nullptr;
        found = next != nullptr;
        if (!found) break;
        node = next;
        path += index ? "[" + step + "]" : (path.empty() ? "" : ".") + step;
    }
    m_warnings.push_back(
        {Problem::Level::Warning, m_file, node->line, node->column, std::move(path), std::move(message)});
}

std::vector<Problem> LintReport::take()
{
    std::ranges::stable_sort(m_warnings, {}, [](const Problem& p) { return std::tie(p.line, p.column); });
    if (m_warnings.size() > kMaxProblems) m_warnings.resize(kMaxProblems);
    return std::move(m_warnings);
}

void lintStages(LintReport& report)
{
    const Playbook& playbook = report.playbook;
    for (size_t i = 0; i < playbook.stages.size(); ++i) {
        const Stage& stage = playbook.stages[i];
        const std::string at = std::to_string(i);
        if (stage.require.empty() && playbook.score.parts.empty()) {
            report.warn({"stages", at}, "nothing is required here: the stage passes on time alone, without any data");
        }
        if (stage.approve.when != ApproveWhen::Never && !stage.approve.fourEyes) {
            report.warn({"stages", at, "approve", "four_eyes"}, "whoever starts the rollout may approve it alone");
        }
        lintWindows(report, i);
    }
    if (playbook.watch.length == Duration(0) && playbook.strategy != Strategy::Direct) {
        report.warn({"watch"}, "no watch: triggers are off as soon as the last stage has passed");
    }
}

void lintMetrics(LintReport& report)
{
    const std::set<std::string> used = usedMetrics(report.playbook);
    for (const Metric& metric : report.playbook.metrics) {
        if (!used.contains(metric.id)) {
            report.warn({"metrics", metric.id}, "never used: no requirement, trigger, score or chart names it");
        }
        if (needsMinimum(metric) && metric.minRequests == 0) {
            report.warn({"metrics", metric.id},
                        "no min_requests: one failed request of two would be 50%; write e.g. min_requests: 100");
        }
    }
}

bool isRelative(const Condition& condition)
{
    return condition.kind == Condition::Kind::AboveBaseline || condition.kind == Condition::Kind::Drops;
}

Duration holdOf(const Trigger& trigger)
{
    return std::max(trigger.hold, Duration(std::chrono::seconds(trigger.checks)));
}

std::vector<Problem> lintPlaybook(const Playbook& playbook, std::string_view file)
{
    LintReport report(playbook, file);
    lintMetrics(report);
    lintStages(report);
    lintTriggers(report);
    lintBaselines(report);
    lintScore(report);
    return report.take();
}

} // namespace sluice
