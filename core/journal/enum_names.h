// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <string_view>
#include <utility>

#include "core/journal/json_fields.h"
#include "core/rollout/rollout.h"

// Names are stored: one may be added, none may change.

namespace sluice::journal {

template <class E, size_t n>
using Names = std::array<std::pair<E, std::string_view>, n>;

template <>
struct EnumNames<rollout::RollbackCause> {
    using E = rollout::RollbackCause;
    static constexpr Names<E, 8> kNames{{{E::Trigger, "trigger"},
                                         {E::Score, "score"},
                                         {E::Requirement, "requirement"},
                                         {E::Overrun, "overrun"},
                                         {E::Person, "person"},
                                         {E::Reject, "reject"},
                                         {E::Emergency, "emergency"},
                                         {E::Superseded, "superseded"}}};
};

template <>
struct EnumNames<rollout::StepState> {
    using E = rollout::StepState;
    static constexpr Names<E, 5> kNames{{{E::Waiting, "waiting"},
                                         {E::Running, "running"},
                                         {E::Done, "done"},
                                         {E::Failed, "failed"},
                                         {E::Skipped, "skipped"}}};
};

template <>
struct EnumNames<RollbackStep::Kind> {
    using E = RollbackStep::Kind;
    static constexpr Names<E, 2> kNames{{{E::Application, "application"}, {E::Validation, "validation"}}};
};

template <>
struct EnumNames<FailureAction> {
    using E = FailureAction;
    static constexpr Names<E, 5> kNames{{{E::AlertOnly, "alert-only"},
                                         {E::Pause, "pause"},
                                         {E::Abort, "abort"},
                                         {E::PreviousStage, "previous-stage"},
                                         {E::Rollback, "rollback"}}};
};

template <>
struct EnumNames<rollout::Phase> {
    using E = rollout::Phase;
    static constexpr Names<E, 14> kNames{{{E::Preparing, "preparing"},
                                          {E::Applying, "applying"},
                                          {E::Baking, "baking"},
                                          {E::Judging, "judging"},
                                          {E::AwaitingApproval, "awaiting-approval"},
                                          {E::Promoting, "promoting"},
                                          {E::Paused, "paused"},
                                          {E::SteppingBack, "stepping-back"},
                                          {E::RollingBack, "rolling-back"},
                                          {E::RolledBack, "rolled-back"},
                                          {E::Watching, "watching"},
                                          {E::Finalising, "finalising"},
                                          {E::Stable, "stable"},
                                          {E::Cancelled, "cancelled"}}};
};

} // namespace sluice::journal
