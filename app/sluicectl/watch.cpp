// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluicectl/watch.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <poll.h>

#include "app/sluicectl/print.h"

namespace sluice::app::ctl {

namespace {

constexpr int kLookEveryMs = 500;
constexpr Duration kPictureLimit = std::chrono::seconds(30); // older: nobody drives any more

bool isTrouble(const std::string& name)
{
    return name == "trigger_fired" || name == "rollback_started" || name == "warning_raised" || name == "data_lost";
}

/// Follows one rollout; `wanted` decides which lines are printed.
class Follower {
public:
    Follower(Context& context, std::string rollout)
        : m_context(&context)
        , m_rollout(std::move(rollout))
    {
    }

    /// The newest view, or why there is none.
    Result<const engine::RolloutView*> look()
    {
        auto picture = m_context->client->picture();
        if (!picture.ok()) return picture.error();
        if (picture.value().age > kPictureLimit)
            return Error{Fault::Unreachable,
                         "Nobody drives: the picture is " + durationText(picture.value().age) + " old."};
        m_snapshot = std::move(picture.value().snapshot);
        const auto view = pickAny(m_snapshot, m_rollout);
        if (view.ok()) m_rollout = view.value()->state.id.value;
        return view;
    }
    void printNew(const engine::RolloutView& view, bool troubleOnly)
    {
        for (const engine::LogLine& line : view.log) {
            if (line.version <= m_printed) continue;
            m_printed = line.version;
            if (isCredit(line)) continue;
            if (isTrouble(line.name)) m_trouble = true;
            if (!troubleOnly || isTrouble(line.name)) fmt::print("{}\n", logText(line));
        }
        std::fflush(stdout);
    }
    void printWait(const engine::RolloutView& view)
    {
        const auto open = std::ranges::find(view.waits, false, &rollout::WaitReason::holds);
        if (open == view.waits.end()) return;
        const std::string key = fmt::format("{}{}{}", static_cast<int>(open->code), open->subject, view.state.stage);
        if (key == m_wait) return;
        m_wait = key;
        fmt::print("                      now: {}\n", rollout::waitText(*open));
    }
    void skipTo(int64_t version) { m_printed = version; }
    int code() const { return m_trouble ? kNo : kYes; }

private:
    Context* m_context;
    std::string m_rollout;
    engine::Snapshot m_snapshot{};
    int64_t m_printed{0};
    std::string m_wait{};
    bool m_trouble{false};
};

/// Says how it ended, and the answer that is.
int tellEnd(const rollout::Rollout& state)
{
    const std::string at = wallText(state.endedAt.value_or(state.phaseSince));
    if (state.phase == rollout::Phase::RolledBack && state.rollback)
        fmt::print("{} was rolled back to {}, ended {}: {}\n", state.toVersion, state.rollback->toVersion, at,
                   state.rollback->because);
    else
        fmt::print("{} is {} since {}\n", state.toVersion, rollout::phaseName(state.phase), at);
    return state.phase == rollout::Phase::RolledBack ? kNo : kYes;
}

} // namespace

int watchRollout(Context& context, const std::string& rollout)
{
    Follower follower(context, rollout);
    for (;;) {
        const auto view = follower.look();
        if (!view.ok()) return fail(view.error());
        follower.printNew(*view.value(), false);
        const rollout::Phase phase = view.value()->state.phase;
        if (rollout::isEnd(phase)) return tellEnd(view.value()->state);
        follower.printWait(*view.value());
        poll(nullptr, 0, kLookEveryMs);
    }
}

int monitorRollout(const Globals& globals, const std::string& rollout, const std::string& period)
{
    const auto length = parsePeriod(period);
    if (!length.ok()) return fail(length.error());
    auto context = openContext(globals);
    if (!context.ok()) return fail(context.error());
    Follower follower(context.value(), rollout);
    const ports::Clock& clock = *context.value().store.clock;
    const BootTime until = clock.now().boot + length.value();
    const auto now = follower.look();
    if (!now.ok()) return fail(now.error());
    if (rollout::isEnd(now.value()->state.phase)) return tellEnd(now.value()->state);
    follower.skipTo(now.value()->state.version);
    bool rollingBack = now.value()->state.phase == rollout::Phase::RollingBack;
    while (clock.now().boot < until) {
        const auto view = follower.look();
        if (!view.ok()) return fail(view.error());
        follower.printNew(*view.value(), true);
        rollingBack = view.value()->state.phase == rollout::Phase::RollingBack;
        if (rollout::isEnd(view.value()->state.phase)) return std::max(tellEnd(view.value()->state), follower.code());
        poll(nullptr, 0, kLookEveryMs);
    }
    if (rollingBack) fmt::print("it is being rolled back\n");
    if (!rollingBack && follower.code() == kYes) fmt::print("nothing fired in {}\n", durationText(length.value()));
    return rollingBack ? kNo : follower.code();
}

Result<Duration> parsePeriod(const std::string& text)
{
    int64_t number = 0;
    const auto [rest, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    const std::string unit(rest, text.data() + text.size());
    if (problem == std::errc() && number >= 0 && number < 1'000'000) {
        if (unit == "s") return Duration(std::chrono::seconds(number));
        if (unit == "m") return Duration(std::chrono::minutes(number));
        if (unit == "h") return Duration(std::chrono::hours(number));
    }
    return Error{Fault::BadInput, "'" + text + "' is no length of time: write 90s, 10m or 2h."};
}

} // namespace sluice::app::ctl
