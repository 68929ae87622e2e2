// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/phase_words.h"

#include <QCoreApplication>

namespace sluice::ui {

namespace {

using analysis::Band;
using rollout::Phase;

struct Phases {
    Q_DECLARE_TR_FUNCTIONS(Phases)
};

PhaseWords calm(const QString& word)
{
    return {QStringLiteral("●"), word, Tone::Second};
}

PhaseWords warning(const QString& word)
{
    return {toneMark(Tone::Warning), word, Tone::Warning};
}

PhaseWords critical(const QString& word)
{
    return {toneMark(Tone::Critical), word, Tone::Critical};
}

/// While a stage bakes the band is the news, if there is any.
PhaseWords bakingWords(const engine::RolloutView& view)
{
    if (view.state.dataMissing) return warning(Phases::tr("Holding, no data"));
    switch (view.assessment.score.heldBand) {
    case Band::Watch: return warning(Phases::tr("Watch"));
    case Band::Pause: return warning(Phases::tr("Pause band"));
    case Band::Rollback: return critical(Phases::tr("Rollback band"));
    case Band::Unknown:
    case Band::Proceed: return calm(Phases::tr("Baking"));
    }
    return {};
}

} // namespace

PhaseWords phaseWords(const engine::RolloutView& view)
{
    switch (view.state.phase) {
    case Phase::Preparing: return calm(Phases::tr("Preparing"));
    case Phase::Applying: return calm(Phases::tr("Applying"));
    case Phase::Baking: return bakingWords(view);
    case Phase::Judging: return view.state.dataMissing ? bakingWords(view) : calm(Phases::tr("Judging"));
    case Phase::AwaitingApproval: return warning(Phases::tr("Needs approval"));
    case Phase::Promoting: return calm(Phases::tr("Promoting"));
    case Phase::Paused: return warning(Phases::tr("Paused"));
    case Phase::SteppingBack: return warning(Phases::tr("Stepping back"));
    case Phase::RollingBack: return critical(Phases::tr("Rolling back"));
    case Phase::RolledBack: return {QStringLiteral("●"), Phases::tr("Rolled back"), Tone::Critical};
    case Phase::Watching: return calm(Phases::tr("Watching"));
    case Phase::Finalising: return calm(Phases::tr("Finalising"));
    case Phase::Stable: return calm(Phases::tr("Stable"));
    case Phase::Cancelled: return {QStringLiteral("◌"), Phases::tr("Cancelled"), Tone::Third};
    }
    return {};
}

PhaseWords stableWords(bool stopped)
{
    if (stopped) return critical(Phases::tr("Stopped until a person clears it"));
    return calm(Phases::tr("Stable"));
}

QString bandWord(Band band)
{
    switch (band) {
    case Band::Unknown: return Phases::tr("No score");
    case Band::Proceed: return Phases::tr("Proceed");
    case Band::Watch: return Phases::tr("Watch");
    case Band::Pause: return Phases::tr("Pause");
    case Band::Rollback: return Phases::tr("Roll back");
    }
    return {};
}

} // namespace sluice::ui
