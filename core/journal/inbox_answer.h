// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/ports/journal.h"

// The words of `InboxRow::answer`, in one place for those who write and for those who read them.

namespace sluice::journal {

/// Stored with the decision itself; the words follow in a commit of their own.
inline constexpr std::string_view kAccepted = "accepted";
/// The asker's own answer when he has waited long enough.
inline constexpr std::string_view kWithdrawn = "withdrawn";
/// The driver's answer to a request that nobody waits for any more.
inline constexpr std::string_view kTooLate = "too late";

struct InboxAnswer {
    enum class Kind {
        None,     ///< not yet
        Decided,  ///< accepted, and the words (the id of a new rollout) are still to come
        Accepted, ///< `words`: what came of it
        Refused,  ///< `words`: why
        NotHeard, ///< withdrawn or too late: nothing was done
    };
    Kind kind{Kind::None};
    std::string words{};
};

InboxAnswer readAnswer(std::string_view answer);
/// "accepted: r-7" or "refused: it is paused already".
std::string writeAnswer(const Result<std::string>& result);

/// What whoever asked is told: the words, Refused with them, or Unreachable when nothing was done. Not for None; of
/// Decided, when the words do not come, only that it was accepted.
Result<std::string> replyOf(const InboxAnswer& answer);

/// Whoever asked does not wait any more, so that nobody expects it to happen now. Also when it was asked in the future:
/// a clock was set back, and nobody knows how old it is.
bool isTooLate(const ports::InboxRow& row, WallTime now);

} // namespace sluice::journal
