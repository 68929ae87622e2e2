// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "ui/rollout/rollout_presenter.h"

namespace sluice::ui {

/// What a live rollout waits for in one sentence, with how long: "approval: engineering lead, asked 6 min ago".
QString waitSentence(const RolloutMoment& moment);
/// How one that has ended ended, and when: "marked stable 20 min ago".
QString endSentence(const RolloutMoment& moment);

} // namespace sluice::ui
