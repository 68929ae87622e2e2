// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/sample_parts.h"
#include "tests/ui/console_stand.h"
#include "ui/rollout/rollout_presenter.h"

namespace sluice::test {

/// A rollout one may change, seen at the sample's time.
struct SeenRollout {
    engine::RolloutView view{support::sampleCheckout()};
    engine::Snapshot snapshot{*support::sampleSnapshot()};
    rollout::Actor me{lead()};
    ui::Formats shownFormats{formats()};
    ui::RolloutMoment moment() const { return {view, snapshot, me, shownFormats}; }
};

} // namespace sluice::test
