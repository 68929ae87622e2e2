// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rollout/story.h"

#include <algorithm>

#include <fmt/format.h>

namespace sluice::rollout {

namespace {

const analysis::ScorePartResult* worstPart(const analysis::ScoreResult& score)
{
    const analysis::ScorePartResult* worst = nullptr;
    for (const auto& part : score.parts) {
        if (part.milliPoints && (worst == nullptr || *part.milliPoints < *worst->milliPoints)) worst = &part;
    }
    return worst;
}

int64_t lowerEnd(const ScoreRule& rule, analysis::Band band)
{
    switch (band) {
    case analysis::Band::Rollback: return rule.pauseMilli;
    case analysis::Band::Pause: return rule.watchMilli;
    case analysis::Band::Watch:
    case analysis::Band::Proceed:
    case analysis::Band::Unknown: return rule.proceedMilli;
    }
    return rule.proceedMilli;
}

} // namespace

std::string metricTitle(const Playbook& playbook, const std::string& metric)
{
    const Metric* known = playbook.metric(metric);
    return known == nullptr || known->title.empty() ? metric : known->title;
}

std::string metricValue(const Playbook& playbook, const std::string& metric, std::optional<int64_t> millionths)
{
    if (!millionths) return "without a value";
    const Metric* known = playbook.metric(metric);
    return valueText(*millionths, known == nullptr ? Unit::Plain : known->unit);
}

std::string pointsText(int64_t milli)
{
    if (milli % 1000 == 0) return std::to_string(milli / 1000);
    return fmt::format("{}.{}", milli / 1000, milli % 1000 / 100);
}

std::string triggerStory(const Playbook& playbook, const Trigger& trigger, const analysis::TriggerStatus& status)
{
    const std::string& metric = trigger.when.metric;
    std::string text =
        fmt::format("{} was {}, beyond its limit of {}", metricTitle(playbook, metric),
                    metricValue(playbook, metric, status.observed), metricValue(playbook, metric, status.limit));
    if (status.heldFor > Duration(0)) text += fmt::format(", for {}", durationText(status.heldFor));
    return text;
}

std::string scoreStory(const Playbook& playbook, const analysis::ScoreResult& score)
{
    const int64_t bound = lowerEnd(playbook.score, score.heldBand);
    std::string text = score.milli ? fmt::format("The health score was {}", pointsText(*score.milli))
                                   : std::string("The health score is not known any more");
    if (score.milli)
        text += fmt::format("{} {}", *score.milli < bound ? ", under" : ", after it held under", pointsText(bound));
    if (const auto* worst = worstPart(score)) {
        text += fmt::format("; its worst part was {} with {} of 100 points",
                            worst->title.empty() ? worst->id : worst->title, pointsText(*worst->milliPoints));
    }
    return text;
}

std::string requirementStory(const Playbook& playbook, const analysis::RequirementResult& result)
{
    return fmt::format("{} was {} at the end of the bake and must be {} {}", metricTitle(playbook, result.metric),
                       metricValue(playbook, result.metric, result.observed), result.wantBelow ? "below" : "above",
                       metricValue(playbook, result.metric, result.limit));
}

std::string overrunStory(std::string_view what, Duration longest)
{
    std::string text = fmt::format("{} took longer than {}", what, durationText(longest));
    if (text.front() >= 'a' && text.front() <= 'z') text.front() = static_cast<char>(text.front() - 'a' + 'A');
    return text;
}

std::string actStory(const PersonId& person, std::string_view what, const std::string& reason)
{
    const std::string who = person.empty() ? "somebody unknown" : person.value;
    return reason.empty() ? fmt::format("{} {}", who, what) : fmt::format("{} {}: {}", who, what, reason);
}

std::string emergencyStory(const PersonId& person, const std::string& reason)
{
    return actStory(person, "fired an emergency rollback", reason);
}

std::string emergencyRemark(const PersonId& person, const std::string& reason)
{
    return emergencyStory(person, reason) + " (it was already rolling back)";
}

} // namespace sluice::rollout
