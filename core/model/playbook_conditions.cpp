// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "core/model/playbook_parts.h"
#include "core/model/text_check.h"
#include "core/model/units.h"

namespace sluice {

namespace {

/// One way to compare, and the metrics it makes sense for.
struct Form {
    std::string key{};
    Condition::Kind kind{Condition::Kind::Above};
    std::optional<Worse> worse{}; ///< none: decided by the metric
    std::string otherKey{};       ///< what to write for the other kind of metric
};

const std::vector<Form>& formsOf(ConditionUse use)
{
    using Kind = Condition::Kind;
    static const std::vector<Form> kTrigger{{"above", Kind::Above, Worse::Higher, "below"},
                                            {"below", Kind::Below, Worse::Lower, "above"},
                                            {"above_baseline", Kind::AboveBaseline, Worse::Higher, "drops"},
                                            {"drops", Kind::Drops, Worse::Lower, "above_baseline"}};
    static const std::vector<Form> kRequirement{{"below", Kind::Below, Worse::Higher, "above"},
                                                {"above", Kind::Above, Worse::Lower, "below"},
                                                {"not_worse_by", Kind::AboveBaseline, std::nullopt, ""}};
    return use == ConditionUse::Trigger ? kTrigger : kRequirement;
}

bool isRelative(Condition::Kind kind)
{
    return kind == Condition::Kind::AboveBaseline || kind == Condition::Kind::Drops;
}

const Form* formGiven(const MapReader& map, ConditionUse use)
{
    const Form* given = nullptr;
    std::vector<std::string> words;
    for (const Form& form : formsOf(use)) {
        words.push_back(form.key);
        if (!map.has(form.key)) continue;
        if (given != nullptr) {
            map.error(form.key, fmt::format("'{}' and '{}' are both given; exactly one comparison belongs here",
                                            given->key, form.key));
            return nullptr;
        }
        given = &form;
    }
    if (given == nullptr && map.isMap()) {
        map.report().error(map.node(), map.path(), "a comparison is missing; give one of " + listed(words));
    }
    return given;
}

/// "error_rate gets worse when it rises, so what is good stands 'below' a limit".
void checkDirection(const MapReader& map, const Form& form, const Metric& metric, ConditionUse use)
{
    if (!form.worse || *form.worse == metric.worse) return;
    const bool higher = metric.worse == Worse::Higher;
    map.error(form.key, fmt::format("{} is worse when {} (worse: {}), so {} is said with '{}'", metric.id,
                                    higher ? "higher" : "lower", higher ? "higher" : "lower",
                                    use == ConditionUse::Trigger ? "a bad value" : "a good value", form.otherKey));
}

void checkLimit(PlaybookDraft& draft, const MapReader& map, const Form& form, const Metric& metric, int64_t limit)
{
    if (metric.kind == MetricKind::Ratio && limit > kMillion) {
        map.error(form.key, percentUnitText(limit) + " is above 100%");
    }
    const auto top = draft.topBuckets.find(metric.id);
    if (top == draft.topBuckets.end() || limit <= micros(top->second)) return;
    map.error(form.key,
              fmt::format("{} is above the top histogram bucket ({}), so it could never be seen; lower it, or say "
                          "the metric's top_bucket",
                          amountUnitText(limit, Unit::Time), durationUnitText(top->second)));
}

bool readLimit(PlaybookDraft& draft, const MapReader& map, const Form& form, const Metric& metric, Condition& out)
{
    if (!isRelative(form.kind)) {
        if (!map.amount(form.key, metric.unit, out.limit)) return false;
        checkLimit(draft, map, form, metric, out.limit);
        return true;
    }
    if (!map.percent(form.key, out.limit)) return false;
    if (out.kind == Condition::Kind::Drops && out.limit > kMillion) {
        map.error(form.key, percentUnitText(out.limit) + " is above 100%; nothing drops by more");
    }
    return true;
}

void readBaseline(const MapReader& map, const Form& form, const Metric* metric, Condition& out)
{
    const std::string* text = map.scalar("baseline");
    if (text == nullptr) return;
    if (!isRelative(form.kind)) {
        map.error(
            "baseline",
            fmt::format("'{}' compares with its own limit; a baseline belongs to a comparison with one", form.key));
    } else if (*text == "stable") {
        out.baseline = Baseline::Stable;
    } else if (*text == "before") {
        out.baseline = Baseline::Before;
    } else if (!text->empty() && (text->front() < '0' || text->front() > '9')) {
        const std::string hint = didYouMean(*text, {"stable", "before"});
        map.error("baseline", fmt::format("'{}' is not known{}", quotedForPeople(*text),
                                          hint.empty() ? "; write stable, before or a value" : hint));
    } else if (metric != nullptr && map.amount("baseline", metric->unit, out.fixedBaseline)) {
        out.baseline = Baseline::Fixed;
        if (out.fixedBaseline == 0) map.error("baseline", "nothing can be compared with a baseline of 0");
    }
}

} // namespace

std::vector<std::string> conditionKeys(ConditionUse use)
{
    std::vector<std::string> keys{"metric", "baseline", "window"};
    for (const Form& form : formsOf(use))
        keys.push_back(form.key);
    return keys;
}

bool readCondition(PlaybookDraft& draft, const MapReader& map, ConditionUse use, Condition& out)
{
    const YamlNode* name = map.require("metric", "metric: error_rate");
    const Metric* metric = nullptr;
    if (name != nullptr && map.name("metric", out.metric)) {
        metric = metricNamed(draft, *name, map.pathOf("metric"), out.metric);
    }
    Duration window{};
    if (map.duration("window", window, kLongestWindow)) {
        if (window < std::chrono::seconds(1)) map.error("window", "a window is at least 1s");
        out.window = window;
    }
    const Form* form = formGiven(map, use);
    if (form == nullptr) return false;
    out.kind = form->kind;
    if (!form->worse && metric != nullptr && metric->worse == Worse::Lower) out.kind = Condition::Kind::Drops;
    readBaseline(map, *form, metric, out);
    if (metric == nullptr) return false;
    checkDirection(map, *form, *metric, use);
    return readLimit(draft, map, *form, *metric, out);
}

} // namespace sluice
