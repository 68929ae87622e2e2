// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/composition/client.h"

#include <algorithm>
#include <optional>

#include <poll.h>
#include <unistd.h>

#include "core/base/sha256.h"
#include "core/engine/snapshot_json.h"
#include "core/journal/command_codec.h"
#include "core/journal/inbox_answer.h"

namespace sluice::app {

namespace {
constexpr int kLookEveryMs = 50; // a short look at one row; the driver polls its inbox every 250 ms
constexpr Duration kWithdrawLimit = std::chrono::seconds(10);    // for a journal that somebody holds
constexpr Duration kWordsLimit = std::chrono::milliseconds(500); // until a driver that lives has said what it accepted
constexpr Duration kPictureLimit = std::chrono::seconds(2);
constexpr int kLiveLimit = 1000;
} // namespace

Result<Client::Picture> Client::picture()
{
    const auto live = m_samples->live();
    if (!live.ok()) return live.error();
    if (!live.value())
        return Error{Fault::Unreachable, "Nobody has driven here yet: start 'sluicectl engine' or the console."};
    auto snapshot = engine::decodeSnapshot(live.value()->snapshot, m_playbooks);
    if (!snapshot.ok()) return snapshot.error();
    return Picture{std::move(snapshot).value(), std::max(Duration(0), m_clock->now().wall - live.value()->at)};
}

Result<std::string> Client::ask(const rollout::Command& command, const rollout::Actor& actor, Duration limit)
{
    const Now now = m_clock->now();
    const std::string seed =
        std::to_string(getpid()) + "." + std::to_string(micros(now.boot)) + "." + std::to_string(m_asked++);
    const ports::InboxRow row{.id = "q-" + sha256Hex(seed).substr(0, 16),
                              .person = actor.person,
                              .proof = actor.proof,
                              .command = journal::encodeCommand(command),
                              .askedAt = now.wall,
                              .answer = {}};
    if (Outcome asked = m_journal->ask(row); !asked.ok()) return asked.error();
    auto answer = waitForAnswer(row.id, limit);
    if (answer.ok()) waitForPicture();
    return answer;
}

/// The answer is committed before the driver's next picture: whoever looks right after it must not see the old one.
void Client::waitForPicture()
{
    const BootTime until = m_clock->now().boot + kPictureLimit;
    while (!pictureIsCurrent() && m_clock->now().boot < until)
        ::poll(nullptr, 0, kLookEveryMs);
}

bool Client::pictureIsCurrent()
{
    const auto now = picture();
    const auto live = m_journal->rollouts(true, kLiveLimit);
    if (!now.ok() || !live.ok()) return false;
    return std::ranges::all_of(live.value(), [&](const ports::RolloutRow& row) {
        const auto& targets = now.value().snapshot.targets;
        if (std::ranges::find(targets, row.target, &engine::TargetView::id) == targets.end()) return true;
        const engine::RolloutView* view = now.value().snapshot.rollout(row.id);
        if (view == nullptr) return false;
        const auto newer = m_journal->events(row.id, view->state.version, 1);
        return newer.ok() && newer.value().empty();
    });
}

Result<std::string> Client::waitForAnswer(const std::string& id, Duration limit)
{
    using Kind = journal::InboxAnswer::Kind;
    const BootTime until = m_clock->now().boot + limit;
    std::optional<BootTime> decided;
    for (;;) {
        const auto row = m_journal->inboxRow(id);
        if (!row.ok()) return row.error();
        const auto answer = journal::readAnswer(row.value() ? row.value()->answer : std::string());
        if (answer.kind == Kind::Decided) {
            // The words follow at once, unless the driver was killed between the two.
            decided = decided.value_or(m_clock->now().boot);
            if (m_clock->now().boot - *decided >= kWordsLimit) return journal::replyOf(answer);
        } else if (answer.kind != Kind::None) {
            return journal::replyOf(answer);
        } else if (m_clock->now().boot >= until) {
            break;
        }
        ::poll(nullptr, 0, kLookEveryMs);
    }
    return withdraw(id);
}

/// Withdrawing races with the driver's own answer; the first one stands. A driver that hangs in a write holds us off.
Result<std::string> Client::withdraw(const std::string& id)
{
    const BootTime until = m_clock->now().boot + kWithdrawLimit;
    do {
        if (m_journal->answer(id, std::string(journal::kWithdrawn)).ok()) return journal::replyOf({});
        const auto row = m_journal->inboxRow(id);
        const auto answer = journal::readAnswer(row.ok() && row.value() ? row.value()->answer : std::string());
        if (answer.kind != journal::InboxAnswer::Kind::None) return journal::replyOf(answer);
        ::poll(nullptr, 0, kLookEveryMs);
    } while (m_clock->now().boot < until);
    return Error{Fault::Unknown, "The journal cannot be written, so nobody knows whether it will be done; look again."};
}

} // namespace sluice::app
