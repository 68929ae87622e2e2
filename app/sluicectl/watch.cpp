// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluicectl/watch.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
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
            if (troubleOnly && !isTrouble(line.name)) continue;
            if (m_context->globals.json)
                printJson(lineJson(line));
            else
                fmt::print("{}\n", logText(line));
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
        if (m_context->globals.json)
            printJson({{"wait", rollout::waitCodeName(open->code)}, {"text", rollout::waitText(*open)}});
        else
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

/// The last line: a sentence, and with --json the answer that it is.
int tellLast(bool json, const std::string& text, const std::string& phase, int code)
{
    printAnswer(json, text, {{"phase", phase}, {"exitCode", code}});
    return code;
}

/// Says how it ended, and the answer that is; not better than `seen`.
int tellEnd(bool json, const rollout::Rollout& state, int seen = kYes)
{
    const std::string at = wallText(state.endedAt.value_or(state.phaseSince));
    const std::string phase(rollout::phaseName(state.phase));
    const bool back = state.phase == rollout::Phase::RolledBack;
    const std::string text = back && state.rollback
                                 ? fmt::format("{} was rolled back to {}, ended {}: {}", state.toVersion,
                                               state.rollback->toVersion, at, state.rollback->because)
                                 : fmt::format("{} is {} since {}", state.toVersion, phase, at);
    return tellLast(json, text, phase, std::max(seen, back ? kNo : kYes));
}

} // namespace

int watchRollout(Context& context, const std::string& rollout)
{
    Follower follower(context, rollout);
    for (;;) {
        const auto view = follower.look();
        if (!view.ok()) return fail(context.globals.json, view.error());
        follower.printNew(*view.value(), false);
        const rollout::Phase phase = view.value()->state.phase;
        if (rollout::isEnd(phase)) return tellEnd(context.globals.json, view.value()->state);
        follower.printWait(*view.value());
        poll(nullptr, 0, kLookEveryMs);
    }
}

int monitorRollout(const Globals& globals, const std::string& rollout, const std::string& period)
{
    const auto length = parsePeriod(period);
    if (!length.ok()) return fail(globals.json, length.error());
    auto context = openContext(globals);
    if (!context.ok()) return fail(globals.json, context.error());
    if (const auto several = refuseSeveral(context.value(), rollout)) return fail(globals.json, *several);
    Follower follower(context.value(), rollout);
    const ports::Clock& clock = *context.value().store.clock;
    const BootTime until = clock.now().boot + length.value();
    const auto now = follower.look();
    if (!now.ok()) return fail(globals.json, now.error());
    if (rollout::isEnd(now.value()->state.phase)) return tellEnd(globals.json, now.value()->state);
    follower.skipTo(now.value()->state.version);
    bool rollingBack = now.value()->state.phase == rollout::Phase::RollingBack;
    std::string phase(rollout::phaseName(now.value()->state.phase));
    while (clock.now().boot < until) {
        const auto view = follower.look();
        if (!view.ok()) return fail(globals.json, view.error());
        follower.printNew(*view.value(), true);
        const rollout::Rollout& state = view.value()->state;
        phase = rollout::phaseName(state.phase);
        rollingBack = state.phase == rollout::Phase::RollingBack;
        if (rollout::isEnd(state.phase)) return tellEnd(globals.json, state, follower.code());
        poll(nullptr, 0, kLookEveryMs);
    }
    if (rollingBack) return tellLast(globals.json, "it is being rolled back", phase, kNo);
    if (follower.code() != kYes && !globals.json) return follower.code(); // what fired stands above
    const std::string fired = follower.code() == kYes ? "nothing fired in " : "something fired in ";
    return tellLast(globals.json, fired + durationText(length.value()), phase, follower.code());
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
