// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

// Codes of WarningRaised; each is recorded once per stage. They are stored, so a code never changes its meaning.

namespace sluice::rollout {

inline constexpr std::string_view kOverrunStage = "overrun:stage";
inline constexpr std::string_view kOverrunTotal = "overrun:total";
inline constexpr std::string_view kCriticalAlert = "alert:critical";
inline constexpr std::string_view kHealthProbe = "health:canary";

/// A requirement in its warning band, or failing before the end of the bake.
inline std::string requirementWarning(std::string_view metric)
{
    return "requirement:" + std::string(metric);
}
/// A requirement that failed at the end of the bake and was acted on.
inline std::string failureWarning(std::string_view metric)
{
    return "failed:" + std::string(metric);
}
/// A trigger whose condition holds but has not fired yet.
inline std::string pendingWarning(std::string_view trigger)
{
    return "trigger:" + std::string(trigger);
}
/// A trigger that fired and did not end the stage.
inline std::string firedWarning(std::string_view trigger)
{
    return "fired:" + std::string(trigger);
}
inline std::string bandWarning(std::string_view band)
{
    return "band:" + std::string(band);
}

} // namespace sluice::rollout
