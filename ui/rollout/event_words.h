// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/rollout/event.h"
#include "ui/bridge/text.h"

namespace sluice::ui {

/// One line of the event log in the language of the console, from what the event says; sentences that are kept inside
/// an event (why a trigger fired, what a person wrote) stand as they were stored. `step`: of a StepChanged, the English
/// title of its step at that time, engine::LogLine::step; empty when nobody knows it.
QString eventWords(const rollout::Event& event, const std::string& step, const Formats& formats);

/// A stored sentence as this person reads it: times of day in their zone, no line break between a number and its unit.
QString storedWords(const std::string& stored, const Formats& formats);

} // namespace sluice::ui
