// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/adapters/haproxy_driver.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core/adapters/haproxy_link.h"

namespace sluice::adapters {

using State = rollout::ProxyFact::State;

HaproxyDriver::HaproxyDriver(RouterBinding binding, HaproxyLink& link, const ports::Clock& clock, Post post,
                             Publish publish)
    : m_binding(std::move(binding))
    , m_link(link)
    , m_clock(clock)
    , m_post(std::move(post))
    , m_publish(std::move(publish))
{
}

void HaproxyDriver::order(const ports::RouteOrder& order)
{
    if (m_active && m_order == order) return; // it stands, and is re-asserted by every read
    if (!m_active) m_lastAnswer = m_clock.now().boot;
    m_active = true;
    if (!m_order || m_order->epoch != order.epoch) {
        m_fresh = false;
        m_verifiedGeneration = 0;
    }
    m_order = order;
    m_writes = 0;
    m_link.connection().dropUnsent(this);
    if (!m_link.ready()) return; // onOpened() and onReady() go on
    if (order.safe) {
        sendSafe();
        startRound(true, false);
        return;
    }
    // A raise behind an unanswered command would run whenever the proxy thaws: only the safe state may do that.
    if (m_link.silent()) return;
    // While a write is under way the last read-back is no ground for the next one: a second `add map` would make a
    // duplicate. The new round reads behind that write.
    if (m_fresh && !m_inRound && epochOf(m_binding.config, m_known.read) <= order.epoch &&
        !holds(order, m_binding.config, m_known.read))
        correct(m_verifiedPid);
    else
        startRound(true);
}

void HaproxyDriver::observe()
{
    if (m_active && !m_order) return;
    if (!m_active) m_lastAnswer = m_clock.now().boot;
    m_active = true;
    m_order.reset();
    m_link.connection().dropUnsent(this);
    if (m_link.ready() && !m_link.silent()) startRound(false);
}

void HaproxyDriver::release()
{
    m_active = false;
    m_order.reset();
    m_link.connection().dropUnsent(this);
    ++m_round;
    m_inRound = false;
}

void HaproxyDriver::setFirstLines(SplitMaps maps, std::vector<std::string> lines)
{
    m_firstMaps = std::move(maps);
    m_firstLines = std::move(lines);
}

void HaproxyDriver::sendFirstLines()
{
    if (m_firstLines.empty()) return;
    if (!m_firstMaps.epoch.empty()) {
        m_link.connection().ask(
            this, epochCommand(m_binding.config, m_firstMaps),
            [this](const std::string& reply) {
                ProxyRead read;
                if (!absorb(read, ReadCommand::Step::Epoch, m_binding.config, reply)) return;
                m_known.highestEpoch = std::max(m_known.highestEpoch, epochOf(m_binding.config, read));
                m_publish(m_known);
            },
            true);
    }
    write(m_firstLines, true);
}

void HaproxyDriver::onOpened()
{
    sendFirstLines();
    if (m_order && m_order->safe) sendSafe();
}

void HaproxyDriver::onReady()
{
    m_mapsProblem.clear();
    if (m_binding.config.split == RouterConfig::Split::Map) {
        auto maps = findMaps(m_link.mapFiles(), m_binding.config.service);
        if (maps)
            m_known.maps = std::move(maps).value();
        else
            m_mapsProblem = maps.error().detail;
    }
    if (!m_active) return;
    m_writes = 0;
    if (m_mapsProblem.empty())
        startRound(true);
    else
        post(State::Refused, m_mapsProblem);
}

void HaproxyDriver::onDown()
{
    ++m_round;
    m_inRound = false;
    m_fresh = false;
}

void HaproxyDriver::poll()
{
    if (!m_active) return;
    m_writes = 0;
    if (!m_mapsProblem.empty())
        post(State::Refused, m_mapsProblem);
    else if (!m_inRound)
        startRound(false);
}

void HaproxyDriver::postUnreachable(const std::string& why)
{
    if (m_active) post(State::Unreachable, why);
}

void HaproxyDriver::write(const std::vector<std::string>& lines, bool urgent)
{
    m_refusal.clear();
    for (const std::string& line : lines) {
        m_link.connection().ask(
            this, line,
            [this](const std::string& reply) {
                if (m_refusal.empty() && classifyWrite(reply) != WriteReply::Accepted) m_refusal = replyText(reply);
            },
            urgent);
    }
}

void HaproxyDriver::sendSafe()
{
    // Taken over: the canary belongs to somebody else now, and a maintenance would hit the release of that driver.
    if (epochOf(m_binding.config, m_known.read) > m_order->epoch) return;
    m_admitted = false;
    write(safeCommands(m_binding.config, m_known.maps, m_order->epoch, m_known.read), true);
}

void HaproxyDriver::startRound(bool urgent, bool withCounters)
{
    if (!m_link.ready() || !m_mapsProblem.empty()) return;
    const uint64_t round = ++m_round;
    m_inRound = true;
    m_reading = {};
    m_reading.shownToken = m_known.read.token.value_or("");
    m_readProblem.clear();
    const int64_t epoch = m_order ? m_order->epoch : 0;
    if (!withCounters) {
        m_reading.canaryRequests = m_known.read.canaryRequests;
        m_reading.stableRequests = m_known.read.stableRequests;
    }
    for (ReadCommand& command :
         readCommands(m_binding.config, m_known.maps, epoch, m_reading.shownToken, withCounters)) {
        m_link.connection().ask(
            this, std::move(command.line),
            [this, round, step = command.step](const std::string& reply) {
                if (round != m_round) return;
                const auto read = absorb(m_reading, step, m_binding.config, reply);
                if (!read && m_readProblem.empty()) m_readProblem = read.error().detail;
            },
            urgent);
    }
    m_link.endRound(this, round, urgent);
}

void HaproxyDriver::onRound(uint64_t round, const Result<WorkerInfo>& worker)
{
    if (round != m_round || !m_active) return;
    m_inRound = false;
    m_lastAnswer = m_clock.now().boot;
    if (!worker && m_readProblem.empty()) m_readProblem = worker.error().detail;
    if (!m_readProblem.empty()) return post(State::Refused, m_readProblem);

    const std::string own = m_order ? epochToken(m_binding.config.service, m_order->epoch) : "";
    if (m_reading.token == own) {
        m_reading.shownToken = own;
        m_reading.shownLimit = m_reading.ownLimit;
    }
    m_known.read = m_reading;
    m_known.highestEpoch = std::max(m_known.highestEpoch, epochOf(m_binding.config, m_reading));
    m_fresh = true;
    m_publish(m_known);
    // The token changed while we read: the limit under the new one is not known yet.
    if (!effectiveLimit(m_binding.config, m_reading) && m_writes++ < kMaxWritesPerPoll) return startRound(true);
    evaluate(worker.value().pid);
}

void HaproxyDriver::evaluate(int64_t pid)
{
    const RouterConfig& config = m_binding.config;
    if (!m_order) return post(State::Verified, "");
    const int64_t seen = epochOf(config, m_known.read);
    if (seen > m_order->epoch)
        return post(State::TakenOver, fmt::format("the proxy follows epoch {}, ours is {}", seen, m_order->epoch));
    if (holds(*m_order, config, m_known.read)) return verified(pid);

    // 0: nothing was verified yet, so nothing can have changed since.
    if (m_verifiedGeneration != 0 && m_verifiedGeneration == m_order->generation && m_correction.empty()) {
        const bool reloaded = pid != m_verifiedPid;
        m_correction = fmt::format("{} ({})", differenceText(*m_order, config, m_known.read),
                                   reloaded ? "reload" : "changed outside Sluice");
    }
    correct(pid);
}

void HaproxyDriver::verified(int64_t pid)
{
    m_verifiedGeneration = m_order->generation;
    m_verifiedPid = pid;
    m_admitted = !m_order->safe;
    post(State::Verified, "");
}

void HaproxyDriver::correct(int64_t pid)
{
    const RouterConfig& config = m_binding.config;
    // `ready` once per exposure, and again when the proxy forgot it (reload: the token is gone; weights mode: another
    // worker). In the re-assert it would lift a maintenance that somebody set on purpose.
    const bool forgotten = config.split == RouterConfig::Split::Map ? epochOf(config, m_known.read) < m_order->epoch
                                                                    : m_verifiedPid != 0 && pid != m_verifiedPid;
    const bool ready = m_order->admit && (!m_admitted || forgotten);
    const std::vector<std::string> lines = writeCommands(*m_order, config, m_known.maps, m_known.read, ready);
    if (lines.empty() || m_writes++ >= kMaxWritesPerPoll) {
        const std::string difference = differenceText(*m_order, config, m_known.read);
        // What stays different because nothing may be written is not a correction.
        if (lines.empty()) m_correction.clear();
        return m_refusal.empty() ? post(State::Converging, difference) : post(State::Refused, m_refusal);
    }
    if (m_order->safe) m_admitted = false;
    write(lines, true);
    startRound(true, false);
}

void HaproxyDriver::post(State state, const std::string& detail)
{
    rollout::ProxyFact fact = factOf(m_binding.name, m_binding.config, m_known.read);
    fact.state = state;
    fact.detail = detail;
    fact.sinceAnswer = m_clock.now().boot - m_lastAnswer;
    if (state == State::Verified) {
        fact.generation = m_order ? m_order->generation : 0;
        fact.corrected = m_order && !m_correction.empty();
        fact.correction = fact.corrected ? m_correction : "";
    }
    if (m_post(fact) && fact.corrected) m_correction.clear();
}

} // namespace sluice::adapters
