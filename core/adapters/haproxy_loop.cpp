// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/adapters/haproxy_loop.h"

#include <algorithm>
#include <utility>

#include <poll.h>

namespace sluice::adapters {

HaproxyDriver& HaproxyLoop::add(RouterBinding binding, HaproxyDriver::Post post, HaproxyDriver::Publish publish)
{
    auto& link = m_links[binding.config.address];
    if (!link) link = std::make_unique<HaproxyLink>(binding.config.address, m_clock);
    m_drivers.push_back(
        std::make_unique<HaproxyDriver>(std::move(binding), *link, m_clock, std::move(post), std::move(publish)));
    link->attach(m_drivers.back().get());
    return *m_drivers.back();
}

void HaproxyLoop::step(int wakeFd, BootTime until)
{
    std::vector<pollfd> polls;
    std::vector<HaproxyLink*> owners;
    BootTime next = until;
    for (const auto& [address, link] : m_links) {
        link->onTime();
        link->flush();
        link->addPolls(polls);
        owners.resize(polls.size(), link.get());
        next = std::min(next, link->nextTime());
    }
    if (wakeFd >= 0) polls.push_back({.fd = wakeFd, .events = POLLIN, .revents = 0});

    const Duration wait = std::max(Duration(0), next - m_clock.now().boot);
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(wait);
    const timespec timeout{.tv_sec = seconds.count(), .tv_nsec = std::chrono::nanoseconds(wait - seconds).count()};
    if (ppoll(polls.data(), polls.size(), &timeout, nullptr) <= 0) return;
    for (size_t i = 0; i < owners.size(); ++i)
        owners[i]->onPoll(polls[i]);
    for (const auto& [address, link] : m_links)
        link->flush();
}

} // namespace sluice::adapters
