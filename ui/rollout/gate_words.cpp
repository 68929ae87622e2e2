// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/gate_words.h"

#include <QCoreApplication>
#include <algorithm>

namespace sluice::ui {

namespace {

using rollout::WaitCode;
using rollout::WaitReason;

struct Gates {
    Q_DECLARE_TR_FUNCTIONS(Gates)
};

constexpr Duration kBetweenCounts = std::chrono::seconds(1); ///< requests are counted once a second

QString number(const std::optional<int64_t>& value, const Formats& formats)
{
    return value ? valueText(*value * kMillion, Unit::Count, formats) : dash();
}

/// observed and required of a count, written side by side: "8/8".
QString pair(const WaitReason& reason, const Formats& formats)
{
    return QStringLiteral("%1/%2").arg(number(reason.observed, formats), number(reason.required, formats));
}

QString subject(const WaitReason& reason)
{
    return text(reason.title.empty() ? reason.subject : reason.title);
}

QString left(const WaitReason& reason)
{
    return clockText(Duration(reason.required.value_or(0) - reason.observed.value_or(0)));
}

GateWords numbers(GateWords words, const WaitReason& reason, const Formats& formats)
{
    words.observed = number(reason.observed, formats);
    words.required = number(reason.required, formats);
    return words;
}

GateWords clocks(const QString& brief, const WaitReason& reason)
{
    return {{},
            brief,
            Tone::Second,
            clockText(Duration(reason.observed.value_or(0))),
            clockText(Duration(reason.required.value_or(0)))};
}

GateWords metric(const QString& brief, Tone tone, const WaitReason& reason, const Formats& formats)
{
    GateWords words{toneMark(tone), brief, tone, valueText(reason.observed, reason.unit, formats), {}};
    words.required = reason.required ? valueText(*reason.required, reason.unit, formats, Digits::Trimmed) : dash();
    return words;
}

GateWords scoreGate(const WaitReason& reason)
{
    GateWords words{toneMark(Tone::Warning),    {}, Tone::Warning, scoreText(reason.observed),
                    scoreText(reason.required), {}};
    if (!reason.observed)
        words.brief = Gates::tr("the score is not known yet");
    else if (*reason.observed >= reason.required.value_or(0))
        words.brief =
            Gates::tr("score %1 is back over %2, but not for long enough").arg(words.observed, words.required);
    else if (reason.unblockedBy.empty())
        words.brief = Gates::tr("score %1 is under %2").arg(words.observed, words.required);
    else
        words.brief = Gates::tr("score %1 is under %2, so a person must approve").arg(words.observed, words.required);
    return words;
}

GateWords requirement(const WaitReason& reason, const Formats& formats)
{
    const QString observed = valueText(reason.observed, reason.unit, formats);
    const QString limit = reason.required ? valueText(*reason.required, reason.unit, formats, Digits::Trimmed) : dash();
    if (!reason.observed) return metric(Gates::tr("%1 fails").arg(subject(reason)), Tone::Critical, reason, formats);
    const QString brief = reason.wantBelow
                              ? Gates::tr("%1 is %2, must stay under %3").arg(subject(reason), observed, limit)
                              : Gates::tr("%1 is %2, must stay over %3").arg(subject(reason), observed, limit);
    return metric(brief, Tone::Critical, reason, formats);
}

GateWords plain(const QString& brief, Tone tone)
{
    return {toneMark(tone), brief, tone, {}, {}};
}

GateWords requestsGate(const WaitReason& reason, const Formats& f)
{
    const QString observed = number(reason.observed, f);
    const QString required = number(reason.required, f);
    return numbers({{},
                    reason.holds ? Gates::tr("%1 requests seen").arg(required)
                                 : Gates::tr("%1 of %2 requests seen").arg(observed, required)},
                   reason, f);
}

/// So many of so many.
GateWords countGate(const WaitReason& reason, const Formats& f)
{
    const QString both = pair(reason, f);
    if (reason.code == WaitCode::RequestsMissing) return requestsGate(reason, f);
    if (reason.code == WaitCode::CanaryStarting)
        return numbers({{}, Gates::tr("canary instances ready %1").arg(both)}, reason, f);
    if (reason.code == WaitCode::WeightApplying)
        return numbers({{}, Gates::tr("weight confirmed on %1 proxies").arg(both)}, reason, f);
    if (reason.code == WaitCode::ChecklistOpen) return numbers({{}, Gates::tr("checklist %1").arg(both)}, reason, f);
    const QString who = roleText(reason.subject);
    return numbers(
        {{}, who.isEmpty() ? Gates::tr("approvals %1").arg(both) : Gates::tr("approvals %1: %2").arg(both, who)},
        reason, f);
}

/// So long of so long.
GateWords clockGate(const WaitReason& reason)
{
    if (reason.code == WaitCode::BaselineRecording)
        return clocks(reason.holds ? Gates::tr("baseline recorded")
                                   : Gates::tr("%1 of baseline to record").arg(left(reason)),
                      reason);
    if (reason.code == WaitCode::WatchLeft) return clocks(Gates::tr("%1 of watching left").arg(left(reason)), reason);
    if (reason.code == WaitCode::QuietMissing)
        return clocks(
            reason.observed.value_or(0) < kBetweenCounts.count()
                ? Gates::tr("the canary may still get requests")
                : Gates::tr("no canary request for %1 / %2")
                      .arg(clockText(Duration(*reason.observed)), clockText(Duration(reason.required.value_or(0)))),
            reason);
    return clocks(reason.holds ? Gates::tr("bake time is over") : Gates::tr("%1 of bake time left").arg(left(reason)),
                  reason);
}

GateWords pauseGate(const WaitReason& reason)
{
    QString who = Gates::tr("paused by a person");
    if (reason.code == WaitCode::PausedByScore) who = Gates::tr("paused by the score");
    if (reason.code == WaitCode::PausedByTrigger) who = Gates::tr("paused by a trigger");
    GateWords words = plain(who, Tone::Warning);
    words.detail = subject(reason);
    return words;
}

/// The gate that only a person's word ends; whether that word would be taken now depends on the other gates.
GateWords manualGate(const RolloutMoment& moment)
{
    const auto& all = moment.view.waits;
    const auto open = std::ranges::count_if(
        all, [](const WaitReason& gate) { return !gate.holds && gate.code != WaitCode::ManualAdvance; });
    if (open == 0) return plain(Gates::tr("everything holds; somebody must promote"), Tone::Canary);
    return plain(Gates::tr("somebody must promote; gates that do not hold yet: %1").arg(open), Tone::Second);
}

GateWords anyGate(const WaitReason& reason, const RolloutMoment& moment)
{
    const Formats& f = moment.formats;
    switch (reason.code) {
    case WaitCode::CanaryStarting:
    case WaitCode::WeightApplying:
    case WaitCode::RequestsMissing:
    case WaitCode::ApprovalMissing:
    case WaitCode::ChecklistOpen: return countGate(reason, f);
    case WaitCode::BaselineRecording:
    case WaitCode::BakeLeft:
    case WaitCode::WatchLeft:
    case WaitCode::QuietMissing: return clockGate(reason);
    case WaitCode::PausedByPerson:
    case WaitCode::PausedByScore:
    case WaitCode::PausedByTrigger: return pauseGate(reason);
    case WaitCode::RequirementFailing: return requirement(reason, f);
    case WaitCode::ScoreBelowProceed: return scoreGate(reason);
    case WaitCode::TriggerPending:
        return metric(Gates::tr("a trigger on %1 is pending").arg(subject(reason)), Tone::Warning, reason, f);
    case WaitCode::RequirementNoData: return plain(Gates::tr("%1 has no data").arg(subject(reason)), Tone::Warning);
    case WaitCode::CriticalAlert: return plain(Gates::tr("a critical alert was seen"), Tone::Critical);
    case WaitCode::DataLate: return plain(Gates::tr("data is late, so the bake clock stands still"), Tone::Warning);
    case WaitCode::DataMissing: return plain(Gates::tr("no data, so nothing advances"), Tone::Warning);
    case WaitCode::ProxyUnreachable: return plain(Gates::tr("%1 is out of reach").arg(subject(reason)), Tone::Critical);
    case WaitCode::StopFile:
        return plain(Gates::tr("an emergency stop is in force until a person clears it"), Tone::Critical);
    case WaitCode::StepRunning: return plain(Gates::tr("running: %1").arg(subject(reason)), Tone::Second);
    case WaitCode::StepFailed:
        return plain(Gates::tr("failed: %1; try again or skip it").arg(subject(reason)), Tone::Critical);
    case WaitCode::ManualAdvance: return manualGate(moment);
    case WaitCode::ShareMissing:
        return plain(Gates::tr("none of the last %1 requests reached the canary")
                         .arg(valueText(reason.observed.value_or(0) * kMillion, Unit::Plain, f)),
                     Tone::Critical);
    case WaitCode::NotDriving: return plain(Gates::tr("no engine drives this target from here"), Tone::Warning);
    }
    return {};
}

/// A gate of quality that is satisfied must not read as if it failed.
QString heldBrief(const WaitReason& reason, const QString& open)
{
    switch (reason.code) {
    case WaitCode::RequirementFailing:
    case WaitCode::RequirementNoData: return Gates::tr("%1 is within its limit").arg(subject(reason));
    case WaitCode::ScoreBelowProceed: return Gates::tr("score %1").arg(scoreText(reason.observed));
    case WaitCode::TriggerPending: return Gates::tr("no trigger is pending");
    case WaitCode::CriticalAlert: return Gates::tr("no critical alert");
    case WaitCode::DataLate:
    case WaitCode::DataMissing: return Gates::tr("data is fresh");
    case WaitCode::ProxyUnreachable: return Gates::tr("all proxies answer");
    case WaitCode::QuietMissing: return Gates::tr("the canary is quiet");
    case WaitCode::ShareMissing: return Gates::tr("requests reach the canary");
    case WaitCode::StopFile: return Gates::tr("no emergency stop");
    case WaitCode::CanaryStarting:
    case WaitCode::BaselineRecording:
    case WaitCode::WeightApplying:
    case WaitCode::BakeLeft:
    case WaitCode::RequestsMissing:
    case WaitCode::ApprovalMissing:
    case WaitCode::ChecklistOpen:
    case WaitCode::ManualAdvance:
    case WaitCode::PausedByPerson:
    case WaitCode::PausedByScore:
    case WaitCode::PausedByTrigger:
    case WaitCode::StepRunning:
    case WaitCode::StepFailed:
    case WaitCode::WatchLeft:
    case WaitCode::NotDriving: return open;
    }
    return open;
}

QString since(const WaitReason& reason, const RolloutMoment& moment)
{
    return micros(reason.since) == 0 ? QString() : timeText(reason.since, moment.formats);
}

} // namespace

GateWords gateWords(const WaitReason& reason, const RolloutMoment& moment)
{
    GateWords words = anyGate(reason, moment);
    if (reason.holds) {
        words.brief = heldBrief(reason, words.brief);
        words.mark = toneMark(Tone::Ok);
        words.tone = Tone::Ok;
    }
    return words;
}

QList<GateRow> gateRows(const RolloutMoment& moment)
{
    QList<GateRow> rows;
    for (const WaitReason& reason : moment.view.waits) {
        GateRow row{.words = gateWords(reason, moment), .since = since(reason, moment)};
        if (reason.expectedEnd) row.expectedEnd = QStringLiteral("≈ ") + timeText(*reason.expectedEnd, moment.formats);
        QStringList who;
        for (const std::string& name : reason.unblockedBy)
            who << roleText(name);
        row.unblockedBy = who.join(QStringLiteral(", "));
        rows.append(row);
    }
    return rows;
}

} // namespace sluice::ui
