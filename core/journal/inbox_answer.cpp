// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/journal/inbox_answer.h"

namespace sluice::journal {

namespace {
constexpr std::string_view kAcceptedWith = "accepted: ";
constexpr std::string_view kRefusedWith = "refused: ";
} // namespace

InboxAnswer readAnswer(std::string_view answer)
{
    using Kind = InboxAnswer::Kind;
    if (answer.empty()) return {};
    if (answer == kAccepted) return {.kind = Kind::Decided};
    if (answer.starts_with(kAcceptedWith)) return {Kind::Accepted, std::string(answer.substr(kAcceptedWith.size()))};
    if (answer.starts_with(kRefusedWith)) return {Kind::Refused, std::string(answer.substr(kRefusedWith.size()))};
    return {.kind = Kind::NotHeard};
}

std::string writeAnswer(const Result<std::string>& result)
{
    if (result.ok()) return std::string(kAcceptedWith) + result.value();
    return std::string(kRefusedWith) + result.error().detail;
}

Result<std::string> replyOf(const InboxAnswer& answer)
{
    switch (answer.kind) {
    case InboxAnswer::Kind::Decided: return std::string("Accepted.");
    case InboxAnswer::Kind::Accepted: return answer.words;
    case InboxAnswer::Kind::Refused: return Error{Fault::Refused, answer.words};
    case InboxAnswer::Kind::None:
    case InboxAnswer::Kind::NotHeard: break;
    }
    return Error{Fault::Unreachable, "Nobody drives, or the driver does not answer, and nothing was done; start "
                                     "'sluicectl engine' or the console."};
}

bool isTooLate(const ports::InboxRow& row, WallTime now)
{
    const Duration age = now - row.askedAt;
    return age > ports::kRequestLife || -age > ports::kRequestLife;
}

} // namespace sluice::journal
