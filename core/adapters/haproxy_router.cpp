// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/adapters/haproxy_router.h"

#include <algorithm>
#include <utility>

#include <sys/eventfd.h>
#include <unistd.h>

#include "core/adapters/haproxy_loop.h"
#include "core/adapters/safe_file.h"
#include "core/base/check.h"

namespace sluice::adapters {

namespace {

/// The loop looks up at least this often even when no proxy is wanted.
constexpr Duration kIdleStep = std::chrono::seconds(1);

} // namespace

HaproxyRouter::HaproxyRouter(std::vector<RouterBinding> bindings, ports::Sink sink, const ports::Clock& clock)
    : m_sink(std::move(sink))
    , m_clock(clock)
    , m_wakeFd(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC))
{
    SLUICE_CHECK(m_wakeFd >= 0);
    for (RouterBinding& binding : bindings)
        m_known.push_back({.binding = std::move(binding)});
    m_thread = std::thread([this] { run(); });
}

HaproxyRouter::~HaproxyRouter()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_stopping = true;
    }
    eventfd_write(m_wakeFd, 1);
    m_thread.join();
    close(m_wakeFd);
}

void HaproxyRouter::wish(const TargetId& target, Wish wish)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_wishes.insert_or_assign(target, std::move(wish));
    }
    eventfd_write(m_wakeFd, 1);
}

void HaproxyRouter::order(const ports::RouteOrder& order)
{
    wish(order.target, {.kind = Wish::Kind::Order, .order = order});
}

void HaproxyRouter::observe(const TargetId& target)
{
    wish(target, {.kind = Wish::Kind::Observe});
}

void HaproxyRouter::release(const TargetId& target)
{
    wish(target, {.kind = Wish::Kind::Release});
}

int64_t HaproxyRouter::highestEpochSeen(const TargetId& target) const
{
    const std::scoped_lock lock(m_mutex);
    int64_t highest = 0;
    for (const Known& known : m_known)
        if (known.binding.target == target) highest = std::max(highest, known.knowledge.highestEpoch);
    return highest;
}

std::string HaproxyRouter::safeFile(const TargetId& target, int64_t epoch) const
{
    SafeFile file{.target = target, .epoch = epoch};
    const std::scoped_lock lock(m_mutex);
    for (const Known& known : m_known) {
        if (known.binding.target != target) continue;
        const RouterConfig& config = known.binding.config;
        const ProxyKnowledge& k = known.knowledge;
        SafeFile::Proxy proxy{.name = known.binding.name, .config = config, .maps = k.maps};
        const std::string fence = fenceCommand(config, k.maps, epoch + 1);
        if (!fence.empty()) proxy.commands.push_back(fence);
        for (std::string& line : safeCommands(config, k.maps, epoch, k.read))
            proxy.commands.push_back(std::move(line));
        file.proxies.push_back(std::move(proxy));
    }
    return writeSafeFile(file);
}

void HaproxyRouter::run()
{
    HaproxyLoop loop(m_clock);
    for (Known& known : m_known) {
        const TargetId target = known.binding.target;
        loop.add(
            known.binding,
            [this, target](const rollout::ProxyFact& fact) {
                return m_sink(ports::ProxyAnswer{.target = target, .fact = fact, .at = m_clock.now().boot});
            },
            [this, &known](const ProxyKnowledge& knowledge) {
                const std::scoped_lock lock(m_mutex);
                known.knowledge = knowledge;
            });
    }
    while (true) {
        std::map<TargetId, Wish> wishes;
        {
            const std::scoped_lock lock(m_mutex);
            if (m_stopping) return;
            wishes.swap(m_wishes);
        }
        for (const auto& driver : loop.drivers()) {
            const auto found = wishes.find(driver->binding().target);
            if (found == wishes.end()) continue;
            switch (found->second.kind) {
            case Wish::Kind::Order: driver->order(found->second.order); break;
            case Wish::Kind::Observe: driver->observe(); break;
            case Wish::Kind::Release: driver->release(); break;
            }
        }
        loop.step(m_wakeFd, m_clock.now().boot + kIdleStep);
        eventfd_t woken = 0;
        eventfd_read(m_wakeFd, &woken);
    }
}

} // namespace sluice::adapters
