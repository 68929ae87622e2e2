// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/id.h"
#include "core/base/result.h"
#include "core/model/playbook.h"

// Who may say yes. Pure; four eyes compare person ids, never logins.

namespace sluice::policy {

/// Roles that approve where a stage names none, and that a second person of a forced act must have.
const std::vector<std::string>& approvingRoles();

/// A person as looked up at the moment of asking; an empty id is a login nobody knows.
struct Voter {
    PersonId person{};
    std::vector<std::string> roles{};
};

/// What a stage asks of people now.
struct ApprovalNeed {
    bool needed{false};
    std::vector<std::string> roles{}; ///< any one of these; never empty when needed
    int count{1};
    bool fourEyes{true};
    Duration expires{0};
};

/// `warned`: a warning was seen since the stage was entered, also one that went away. `belowProceed`: the score's
/// band asks for a person even where the stage's rule does not.
ApprovalNeed approvalNeed(const ApprovalRule& rule, bool warned, bool belowProceed);

/// The role under which `voter` approves, or why not (Fault::Refused). A person counts once.
Result<std::string> mayApprove(const ApprovalNeed& need, const Voter& voter, const PersonId& startedBy,
                               const std::vector<PersonId>& alreadyGiven);

/// Who of `people` may approve now, and why each of the others may not.
struct Approvers {
    std::vector<PersonId> may{};
    std::vector<std::string> mayNot{}; ///< a sentence a person
};
Approvers approversAmong(const std::vector<Voter>& people, const ApprovalNeed& need, const PersonId& startedBy,
                         const std::vector<PersonId>& alreadyGiven);

/// What of `playbook`'s approvals nobody could give when `startedBy` starts it, a sentence a stage.
std::vector<std::string> approvalDoubts(const Playbook& playbook, const std::vector<Voter>& people,
                                        const PersonId& startedBy);

/// An act beyond an open gate: a reason, and a second, different person with one of approvingRoles().
Outcome mayForce(const PersonId& asker, std::string_view reason, const std::optional<Voter>& second);

/// "release-manager or engineering-lead"
std::string rolesText(const std::vector<std::string>& roles);

} // namespace sluice::policy
