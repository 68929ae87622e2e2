// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/policy/failure.h"

namespace sluice::policy {

namespace {

int strength(FailureAction action)
{
    switch (action) {
    case FailureAction::AlertOnly: return 0;
    case FailureAction::Pause: return 1;
    case FailureAction::PreviousStage: return 2;
    case FailureAction::Abort: return 3;
    case FailureAction::Rollback: return 4;
    }
    return 4;
}

} // namespace

FailureAction stronger(FailureAction a, FailureAction b)
{
    return strength(a) >= strength(b) ? a : b;
}

bool endsRollout(FailureAction action)
{
    return action == FailureAction::Rollback || action == FailureAction::Abort;
}

bool isOverrun(const Overrun& overrun, Duration since)
{
    return overrun.longest > Duration(0) && since >= overrun.longest;
}

} // namespace sluice::policy
