// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rollout/wait_reason.h"

namespace sluice::rollout {

std::string_view waitCodeName(WaitCode code)
{
    switch (code) {
    case WaitCode::CanaryStarting: return "canary-starting";
    case WaitCode::BaselineRecording: return "baseline-recording";
    case WaitCode::WeightApplying: return "weight-applying";
    case WaitCode::BakeLeft: return "bake-left";
    case WaitCode::RequestsMissing: return "requests-missing";
    case WaitCode::ShareMissing: return "share-missing";
    case WaitCode::RequirementFailing: return "requirement-failing";
    case WaitCode::RequirementNoData: return "requirement-no-data";
    case WaitCode::ScoreBelowProceed: return "score-below-proceed";
    case WaitCode::TriggerPending: return "trigger-pending";
    case WaitCode::CriticalAlert: return "critical-alert";
    case WaitCode::ApprovalMissing: return "approval-missing";
    case WaitCode::ChecklistOpen: return "checklist-open";
    case WaitCode::ManualAdvance: return "manual-advance";
    case WaitCode::PausedByPerson: return "paused-by-person";
    case WaitCode::PausedByScore: return "paused-by-score";
    case WaitCode::PausedByTrigger: return "paused-by-trigger";
    case WaitCode::DataLate: return "data-late";
    case WaitCode::DataMissing: return "data-missing";
    case WaitCode::ProxyUnreachable: return "proxy-unreachable";
    case WaitCode::StopFile: return "stop-file";
    case WaitCode::QuietMissing: return "quiet-missing";
    case WaitCode::StepRunning: return "step-running";
    case WaitCode::StepFailed: return "step-failed";
    case WaitCode::WatchLeft: return "watch-left";
    case WaitCode::NotDriving: return "not-driving";
    }
    return {};
}

} // namespace sluice::rollout
