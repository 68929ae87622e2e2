// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <fmt/format.h>

#include "core/rollout/decide_parts.h"
#include "core/rollout/evidence.h"
#include "core/rollout/stage_facts.h"
#include "core/rollout/story.h"
#include "core/rollout/warning_code.h"

namespace sluice::rollout {

using analysis::Band;
using analysis::TriggerState;
using analysis::Verdict;

namespace {

/// A warning belongs to a stage whose weight was applied: before, the numbers are those of the stage before it.
bool countsWarnings(const Rollout& rollout)
{
    const Phase phase = effectivePhase(rollout);
    return phase == Phase::Baking || phase == Phase::Judging || phase == Phase::AwaitingApproval ||
           phase == Phase::Watching;
}

class Collector {
public:
    explicit Collector(const Moment& moment)
        : m_moment(moment)
    {
    }

    void add(std::string code, std::string text)
    {
        const bool seen = std::ranges::find(m_moment.rollout.warnings, code) != m_moment.rollout.warnings.end() ||
                          std::ranges::find(m_codes, code) != m_codes.end();
        if (seen) return;
        m_codes.push_back(code);
        m_events.push_back(WarningRaised{m_moment.rollout.stage, std::move(code), std::move(text)});
    }
    Events take() { return std::move(m_events); }

private:
    const Moment& m_moment;
    std::vector<std::string> m_codes{};
    Events m_events{};
};

} // namespace

Events noteWarnings(const Moment& m)
{
    const auto& assessment = m.tick.assessment;
    if (!countsWarnings(m.rollout) || assessment.freshness != analysis::Freshness::Fresh) return {};
    Collector warnings(m);
    for (const auto& result : assessment.requirements) {
        const bool bad = result.verdict == Verdict::Fail || (result.verdict == Verdict::Pass && result.warning);
        if (!bad) continue;
        warnings.add(requirementWarning(result.metric),
                     fmt::format("{} is {} with a limit of {}", metricTitle(m.playbook, result.metric),
                                 metricValue(m.playbook, result.metric, result.observed),
                                 metricValue(m.playbook, result.metric, result.limit)));
    }
    for (const auto& trigger : assessment.triggers) {
        if (trigger.state != TriggerState::Pending) continue;
        warnings.add(pendingWarning(trigger.id),
                     fmt::format("{} is {}, beyond the trigger limit of {}", metricTitle(m.playbook, trigger.metric),
                                 metricValue(m.playbook, trigger.metric, trigger.observed),
                                 metricValue(m.playbook, trigger.metric, trigger.limit)));
    }
    const Band band = assessment.score.heldBand;
    if (!m.playbook.score.parts.empty() && (band == Band::Watch || band == Band::Pause)) {
        warnings.add(bandWarning(bandName(band)), scoreStory(m.playbook, assessment.score));
    }
    if (m.tick.world.criticalAlert) warnings.add(std::string(kCriticalAlert), "A critical alert is active");
    if (m.tick.world.healthOk == false)
        warnings.add(std::string(kHealthProbe), "The canary does not say it is healthy");
    return warnings.take();
}

} // namespace sluice::rollout
