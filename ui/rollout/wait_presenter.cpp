// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "ui/rollout/gate_words.h"
#include "ui/rollout/rollout_presenter.h"

namespace sluice::ui {

using rollout::WaitReason;

namespace {

/// Of the gates that hold, those that people fill with their own hands or users; the rest are only counted here and
/// listed on the sheet that Y opens.
bool isWorthALine(rollout::WaitCode code)
{
    return code == rollout::WaitCode::RequestsMissing || code == rollout::WaitCode::ChecklistOpen;
}

} // namespace

WaitLineData RolloutPresenter::waits(const RolloutMoment& moment)
{
    WaitLineData out;
    QStringList all;
    bool anyOpen = false;
    int alsoHeld = 0;
    for (const WaitReason& reason : moment.view.waits) {
        const GateWords words = gateWords(reason, moment);
        if (reason.holds && !isWorthALine(reason.code)) {
            ++alsoHeld;
            continue;
        }
        anyOpen = anyOpen || !reason.holds;
        if (!reason.holds && words.tone == Tone::Critical) out.tone = Tone::Critical;
        if (!reason.holds && words.tone == Tone::Warning && out.tone == Tone::Second) out.tone = Tone::Warning;
        const QString marked = words.mark.isEmpty() ? words.brief : words.mark + QLatin1Char(' ') + words.brief;
        out.parts.append({marked, reason.holds ? Tone::Second : words.tone});
        all << words.brief;
    }
    if (alsoHeld > 0) out.parts.append({tr("✓ also held: %1").arg(alsoHeld), Tone::Second});
    if (rollout::isEnd(moment.state().phase))
        out.lead = tr("This rollout has ended");
    else
        out.lead = anyOpen ? tr("Why it waits") : tr("Nothing holds it");
    const QString mark = toneMark(out.tone);
    if (!mark.isEmpty()) out.lead = mark + QLatin1Char(' ') + out.lead;
    out.sentence = all.join(QStringLiteral(", "));
    return out;
}

} // namespace sluice::ui
