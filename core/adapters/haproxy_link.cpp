// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/adapters/haproxy_link.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/adapters/haproxy_driver.h"

namespace sluice::adapters {

HaproxyLink::HaproxyLink(std::string address, const ports::Clock& clock)
    : m_address(std::move(address))
    , m_clock(clock)
    , m_main(std::make_unique<HaproxyConnection>())
    , m_retryAt(clock.now().boot)
    , m_nextPoll(m_retryAt)
{
    auto parsed = parseHaproxyAddress(m_address);
    if (parsed)
        m_lookup.emplace(std::move(parsed).value());
    else
        m_problem = parsed.error().detail;
}

HaproxyLink::~HaproxyLink() = default;

bool HaproxyLink::wanted() const
{
    return std::ranges::any_of(m_drivers, &HaproxyDriver::active);
}

void HaproxyLink::openMain()
{
    if (!m_lookup) return; // a bad address stays bad; m_problem says why
    const BootTime now = m_clock.now().boot;
    const auto address = m_lookup->get();
    if (!address) return down(address.error().detail);
    if (!address.value()) { // the name is being looked up
        m_retryAt = now + kRetryFirst;
        return;
    }
    if (const auto opened = m_main->open(*address.value(), now); !opened) return down(opened.error().detail);
    for (HaproxyDriver* driver : m_drivers)
        driver->onOpened();
    discover();
}

void HaproxyLink::discover()
{
    m_main->ask(
        this, "show map",
        [this](const std::string& reply) {
            auto files = parseShowMap(reply);
            // A proxy without any map answers with the header alone; one that refuses is told by each driver.
            m_mapFiles = files ? std::move(files).value() : std::vector<std::string>{};
            m_ready = true;
            for (HaproxyDriver* driver : m_drivers)
                driver->onReady();
        },
        true);
}

void HaproxyLink::onInfo(const std::string& reply, const Rounds& waiting)
{
    const auto worker = parseShowInfo(reply);
    if (worker && worker.value().stopping) {
        // The old worker of a reload; the same path now leads to the new one.
        m_main->close();
        m_ready = false;
        for (HaproxyDriver* driver : m_drivers)
            driver->onDown();
        ++m_failures; // two stopping workers in a row must not become a busy loop
        m_retryAt = m_clock.now().boot + (m_failures > 1 ? kRetryFirst : Duration(0));
        return;
    }
    m_failures = 0;
    m_problem.clear();
    for (const auto& [driver, round] : waiting)
        driver->onRound(round, worker);
}

void HaproxyLink::down(const std::string& why)
{
    const bool wasReady = m_ready;
    m_main->close();
    m_ready = false;
    m_silent = false;
    m_rounds.clear();
    m_urgentRounds.clear();
    m_problem = why;
    for (HaproxyDriver* driver : m_drivers)
        driver->onDown();
    ++m_failures;
    const BootTime now = m_clock.now().boot;
    // The first failure after a good time is most often a restart: try again at once and say nothing yet.
    if (wasReady && m_failures == 1) {
        m_retryAt = now;
        return;
    }
    m_retryAt = now + std::min(kRetryMost, kRetryFirst * (1 << std::min(m_failures, 6)));
    for (HaproxyDriver* driver : m_drivers)
        driver->postUnreachable(m_problem);
}

void HaproxyLink::openProbe()
{
    const BootTime now = m_clock.now().boot;
    m_probeAnsweredAt.reset();
    const auto address = m_lookup->get();
    if (!address || !address.value()) return;
    m_probe = std::make_unique<HaproxyConnection>();
    if (!m_probe->open(*address.value(), now)) {
        m_probe.reset();
        return;
    }
    m_probe->ask(
        this, "show info", [this](const std::string&) { m_probeAnsweredAt = m_clock.now().boot; }, true);
}

void HaproxyLink::adoptProbe()
{
    m_main = std::move(m_probe);
    m_probeAnsweredAt.reset();
    m_ready = false;
    m_silent = false;
    m_rounds.clear();
    m_urgentRounds.clear();
    for (HaproxyDriver* driver : m_drivers)
        driver->onDown();
    for (HaproxyDriver* driver : m_drivers)
        driver->onOpened();
    discover();
}

void HaproxyLink::checkSilence(BootTime now)
{
    const bool silentNow = m_main->silentFor(now) >= kCommandLimit;
    if (!silentNow) {
        if (m_silent) m_nextPoll = now;
        m_silent = false;
        m_probe.reset();
        m_probeAnsweredAt.reset();
        return;
    }
    // Nothing was written yet: another attempt may take another way.
    if (m_main->state() == HaproxyConnection::State::Connecting) return down("no connection within 2 s");
    if (!m_silent) m_nextPoll = now; // tell it now
    m_silent = true;
    m_problem = fmt::format("no answer for {:.1f} s", std::chrono::duration<double>(m_main->silentFor(now)).count());
    if (m_probe && m_probe->silentFor(now) >= kProbeLimit) m_probe.reset();
    if (m_probeAnsweredAt && now - *m_probeAnsweredAt >= kProbeGrace) adoptProbe();
}

void HaproxyLink::onTime()
{
    const BootTime now = m_clock.now().boot;
    if (!wanted()) {
        m_nextPoll = now + kPollEvery;
        return;
    }
    if (m_main->state() == HaproxyConnection::State::Closed && now >= m_retryAt)
        openMain();
    else if (m_main->state() != HaproxyConnection::State::Closed)
        checkSilence(now);
    if (now < m_nextPoll) return;
    m_nextPoll = now + kPollEvery;
    if (m_silent && !m_probe) openProbe();
    if (m_ready && !m_silent) {
        for (HaproxyDriver* driver : m_drivers)
            driver->poll();
    } else if (!m_problem.empty()) {
        for (HaproxyDriver* driver : m_drivers)
            driver->postUnreachable(m_problem);
    }
}

BootTime HaproxyLink::nextTime() const
{
    if (!wanted()) return m_nextPoll;
    BootTime next = m_nextPoll;
    if (m_main->state() == HaproxyConnection::State::Closed) return m_lookup ? std::min(next, m_retryAt) : next;
    const BootTime now = m_clock.now().boot;
    if (!m_silent && m_main->silentFor(now) > Duration(0))
        next = std::min(next, now + kCommandLimit - m_main->silentFor(now));
    if (m_probeAnsweredAt) next = std::min(next, *m_probeAnsweredAt + kProbeGrace);
    return next;
}

void HaproxyLink::addPolls(std::vector<pollfd>& polls) const
{
    const auto add = [&polls](const HaproxyConnection& connection) {
        if (connection.state() == HaproxyConnection::State::Closed) return;
        const int events = POLLIN | (connection.wantsWrite() ? POLLOUT : 0);
        polls.push_back({.fd = connection.fd(), .events = static_cast<short>(events), .revents = 0});
    };
    add(*m_main);
    if (m_probe) add(*m_probe);
}

void HaproxyLink::onPoll(const pollfd& poll)
{
    if (poll.revents == 0) return;
    const BootTime now = m_clock.now().boot;
    if (poll.fd == m_main->fd()) {
        if (m_main->state() == HaproxyConnection::State::Open) {
            if (const auto read = m_main->onReadable(now); !read) down(read.error().detail);
        }
        return; // a connect that ended and room to write are seen by flush()
    }
    if (m_probe && poll.fd == m_probe->fd() && m_probe->state() == HaproxyConnection::State::Open &&
        !m_probe->onReadable(now))
        m_probe.reset();
}

void HaproxyLink::askInfo(Rounds& rounds, bool urgent)
{
    if (rounds.empty()) return;
    m_main->ask(
        this, "show info",
        [this, waiting = std::exchange(rounds, {})](const std::string& reply) { onInfo(reply, waiting); }, urgent);
}

void HaproxyLink::flush()
{
    const BootTime now = m_clock.now().boot;
    askInfo(m_urgentRounds, true);
    askInfo(m_rounds, false);
    if (const auto pumped = m_main->pump(now); !pumped) down(pumped.error().detail);
    if (m_probe && !m_probe->pump(now)) m_probe.reset();
}

} // namespace sluice::adapters
