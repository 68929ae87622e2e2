// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rollout/wait_reason.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/base/text.h"
#include "core/rollout/sentence.h"
#include "core/rollout/story.h"

namespace sluice::rollout {

namespace {

std::string number(const std::optional<int64_t>& value)
{
    return value ? std::to_string(*value) : "?";
}

std::string name(const WaitReason& r)
{
    return r.title.empty() ? r.subject : r.title;
}

std::string value(const WaitReason& r, const std::optional<int64_t>& millionths)
{
    return millionths ? valueText(*millionths, r.unit) : "no value";
}

std::string points(const std::optional<int64_t>& milli)
{
    if (!milli) return "unknown";
    return pointsText(*milli);
}

/// "12:54", "1:02:03"
std::string clock(int64_t us)
{
    const int64_t all = (std::max<int64_t>(us, 0) + 999'999) / 1'000'000;
    if (all < 3600) return fmt::format("{}:{:02}", all / 60, all % 60);
    return fmt::format("{}:{:02}:{:02}", all / 3600, all / 60 % 60, all % 60);
}

std::string left(const WaitReason& r)
{
    return clock(r.required.value_or(0) - r.observed.value_or(0));
}

std::string roles(const WaitReason& r)
{
    std::string text;
    for (const std::string& role : r.unblockedBy)
        text += (text.empty() ? "" : " or ") + role;
    return text;
}

Sentence weightApplying(const WaitReason& r)
{
    if (r.subject == "ramp") {
        return {SLUICE_TEXT("wait", "the weight was ramped to %1, under the stage's %2: its time does not count"),
                {value(r, r.observed), value(r, r.required)}};
    }
    if (r.subject == "next") return {SLUICE_TEXT("wait", "everything holds; the next step begins"), {}};
    if (r.holds) return {SLUICE_TEXT("wait", "all %1 proxies hold the weight"), {number(r.required)}};
    return {SLUICE_TEXT("wait", "%1 of %2 proxies hold the weight"), {number(r.observed), number(r.required)}};
}

Sentence requirement(const WaitReason& r)
{
    if (r.subject == "health") {
        if (r.holds) return {SLUICE_TEXT("wait", "the canary says it is healthy"), {}};
        return {SLUICE_TEXT("wait", "the canary does not say it is healthy"), {}};
    }
    const std::vector<std::string> numbers{name(r), value(r, r.observed), value(r, r.required)};
    if (r.holds) {
        return r.wantBelow ? Sentence{SLUICE_TEXT("wait", "%1 is %2, within its limit of %3"), numbers}
                           : Sentence{SLUICE_TEXT("wait", "%1 is %2, at or above its limit of %3"), numbers};
    }
    return r.wantBelow ? Sentence{SLUICE_TEXT("wait", "%1 is %2 and must be below %3"), numbers}
                       : Sentence{SLUICE_TEXT("wait", "%1 is %2 and must be above %3"), numbers};
}

Sentence score(const WaitReason& r)
{
    if (!r.observed) return {SLUICE_TEXT("wait", "the health score is not known yet"), {}};
    const std::vector<std::string> numbers{points(r.observed), points(r.required)};
    if (r.holds) return {SLUICE_TEXT("wait", "score %1 is at or above %2"), numbers};
    if (*r.observed >= r.required.value_or(0)) {
        return {SLUICE_TEXT("wait", "score %1 is back above %2 but has not held long enough"), numbers};
    }
    if (r.unblockedBy.empty()) return {SLUICE_TEXT("wait", "score %1 is under %2"), numbers};
    return {SLUICE_TEXT("wait", "score %1 is under %2, so a person must approve"), numbers};
}

Sentence checklist(const WaitReason& r)
{
    if (r.holds) return {SLUICE_TEXT("wait", "all %1 checklist items are ticked"), {number(r.required)}};
    return {SLUICE_TEXT("wait", "%1 of %2 checklist items are ticked; next: %3"),
            {number(r.observed), number(r.required), name(r)}};
}

Sentence approval(const WaitReason& r)
{
    if (r.holds) return {SLUICE_TEXT("wait", "%1 of %2 approvals given"), {number(r.observed), number(r.required)}};
    return {SLUICE_TEXT("wait", "%1 of %2 approvals given; it needs the role %3"),
            {number(r.observed), number(r.required), roles(r)}};
}

Sentence starting(const WaitReason& r)
{
    if (r.subject.empty() || r.holds) {
        return {SLUICE_TEXT("wait", "%1 of %2 canary instances are ready"), {number(r.observed), number(r.required)}};
    }
    return {SLUICE_TEXT("wait", "%1 of %2 canary instances are ready: %3"),
            {number(r.observed), number(r.required), r.subject}};
}

Sentence data(const WaitReason& r)
{
    if (r.holds) return {SLUICE_TEXT("wait", "the data is fresh"), {}};
    const std::string age = durationText(Duration(r.observed.value_or(0)));
    if (r.code == WaitCode::DataLate) {
        return {SLUICE_TEXT("wait", "the newest data is %1 old, so the clock stands still"), {age}};
    }
    return {SLUICE_TEXT("wait", "there is no data to judge by, so nothing moves"), {}};
}

Sentence bake(const WaitReason& r)
{
    if (r.holds) return {SLUICE_TEXT("wait", "the bake of %1 is done"), {clock(r.required.value_or(0))}};
    return {SLUICE_TEXT("wait", "%1 of bake time left"), {left(r)}};
}

Sentence requests(const WaitReason& r)
{
    return {SLUICE_TEXT("wait", "%1 of %2 requests seen"), {number(r.observed), number(r.required)}};
}

Sentence share(const WaitReason& r)
{
    return {SLUICE_TEXT("wait",
                        "%1 is asked of the proxies, and none of their last %2 requests reached the canary: no user "
                        "may fall into the share, or the names of service and backend may be wrong (try "
                        "'sluicectl connections check')"),
            {value(r, r.required), number(r.observed)}};
}

Sentence baseline(const WaitReason& r)
{
    if (r.holds) return {SLUICE_TEXT("wait", "the baseline is recorded"), {}};
    return {SLUICE_TEXT("wait", "the baseline is being recorded for %1"),
            {durationText(Duration(r.required.value_or(0)))}};
}

Sentence alert(const WaitReason& r)
{
    if (r.holds) return {SLUICE_TEXT("wait", "no critical alert is active"), {}};
    return {SLUICE_TEXT("wait", "a critical alert is active"), {}};
}

Sentence watch(const WaitReason& r)
{
    if (r.holds) return {SLUICE_TEXT("wait", "the watch of %1 is over"), {clock(r.required.value_or(0))}};
    return {SLUICE_TEXT("wait", "%1 of watch left"), {left(r)}};
}

Sentence quiet(const WaitReason& r)
{
    if (r.holds) return {SLUICE_TEXT("wait", "no request reaches the canary any more"), {}};
    return {SLUICE_TEXT("wait", "the canary must be without requests for %1 s; it has been for %2 s"),
            {std::to_string(r.required.value_or(0) / 1'000'000), std::to_string(r.observed.value_or(0) / 1'000'000)}};
}

Sentence step(const WaitReason& r)
{
    if (r.code == WaitCode::StepRunning) return {SLUICE_TEXT("wait", "this step is running: %1"), {name(r)}};
    return {SLUICE_TEXT("wait", "this step failed: %1; retry it or skip it with a reason"), {name(r)}};
}

Sentence trigger(const WaitReason& r)
{
    return {SLUICE_TEXT("wait", "%1 is %2, beyond the trigger limit of %3"),
            {name(r), value(r, r.observed), value(r, r.required)}};
}

Sentence noValue(const WaitReason& r)
{
    return {SLUICE_TEXT("wait", "%1 has no data to judge by"), {name(r)}};
}

Sentence unreachable(const WaitReason& r)
{
    return {SLUICE_TEXT("wait", "proxy %1 cannot be reached"), {r.subject}};
}

} // namespace

Sentence waitSentence(const WaitReason& reason)
{
    switch (reason.code) {
    case WaitCode::CanaryStarting: return starting(reason);
    case WaitCode::BaselineRecording: return baseline(reason);
    case WaitCode::WeightApplying: return weightApplying(reason);
    case WaitCode::BakeLeft: return bake(reason);
    case WaitCode::RequestsMissing: return requests(reason);
    case WaitCode::ShareMissing: return share(reason);
    case WaitCode::RequirementFailing: return requirement(reason);
    case WaitCode::RequirementNoData: return noValue(reason);
    case WaitCode::ScoreBelowProceed: return score(reason);
    case WaitCode::TriggerPending: return trigger(reason);
    case WaitCode::CriticalAlert: return alert(reason);
    case WaitCode::ApprovalMissing: return approval(reason);
    case WaitCode::ChecklistOpen: return checklist(reason);
    case WaitCode::ManualAdvance: return {SLUICE_TEXT("wait", "somebody must say promote"), {}};
    case WaitCode::PausedByPerson: return {SLUICE_TEXT("wait", "paused by a person: %1"), {reason.subject}};
    case WaitCode::PausedByScore: return {SLUICE_TEXT("wait", "paused by the health score: %1"), {reason.subject}};
    case WaitCode::PausedByTrigger: return {SLUICE_TEXT("wait", "paused by a rule: %1"), {reason.subject}};
    case WaitCode::DataLate:
    case WaitCode::DataMissing: return data(reason);
    case WaitCode::ProxyUnreachable: return unreachable(reason);
    case WaitCode::StopFile: return {SLUICE_TEXT("wait", "an emergency stop is in force until a person clears it"), {}};
    case WaitCode::QuietMissing: return quiet(reason);
    case WaitCode::StepRunning:
    case WaitCode::StepFailed: return step(reason);
    case WaitCode::WatchLeft: return watch(reason);
    case WaitCode::NotDriving: return {SLUICE_TEXT("wait", "another engine drives this rollout, or none does"), {}};
    }
    return {};
}

std::string waitText(const WaitReason& reason)
{
    return filled(waitSentence(reason));
}

} // namespace sluice::rollout
