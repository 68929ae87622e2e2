// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/adapters/workload_loop.h"

#include <algorithm>
#include <utility>

namespace sluice::adapters {

namespace {

bool holds(const ports::WorkloadOrder& order, const rollout::WorkloadFact& fact)
{
    if (order.instances >= 0 && fact.wanted != order.instances) return false;
    return order.instances == 0 || fact.version == order.version;
}

} // namespace

WorkloadLoop::WorkloadLoop(std::unique_ptr<DeployBackend> backend, ports::Sink sink, const ports::Clock& clock,
                           Duration statusEvery)
    : m_backend(std::move(backend))
    , m_sink(std::move(sink))
    , m_clock(clock)
    , m_statusEvery(statusEvery)
{
    m_thread = std::thread([this] { run(); });
}

WorkloadLoop::~WorkloadLoop()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_stopping = true;
    }
    m_changed.notify_all();
    m_thread.join();
}

void WorkloadLoop::order(const ports::WorkloadOrder& order)
{
    {
        const std::scoped_lock lock(m_mutex);
        Slot& slot = m_slots[{order.target, order.track}];
        if (slot.order == order) return; // it stands already
        slot = {.order = order, .fresh = true, .observe = slot.observe};
        m_asked = true;
    }
    m_changed.notify_all();
}

void WorkloadLoop::observe(const TargetId& target)
{
    {
        const std::scoped_lock lock(m_mutex);
        for (const Track track : {Track::Stable, Track::Canary})
            m_slots[{target, track}].observe = true;
        m_asked = true;
    }
    m_changed.notify_all();
}

void WorkloadLoop::post(const Key& key, const rollout::WorkloadFact& fact)
{
    m_sink(ports::WorkloadAnswer{.target = key.target, .track = key.track, .fact = fact});
}

void WorkloadLoop::afterStatus(const Key& key, const rollout::WorkloadFact& fact)
{
    const std::scoped_lock lock(m_mutex);
    Slot& slot = m_slots[key];
    if (!slot.order || slot.fresh || !fact.known) return;
    if (holds(*slot.order, fact)) {
        slot.repeatAfter = kRepeatFirst;
        slot.repeatAt = m_clock.now().boot + slot.repeatAfter;
        return;
    }
    if (m_clock.now().boot < slot.repeatAt) return;
    slot.repeatAfter = std::min(slot.repeatAfter * 2, kRepeatMost);
    slot.fresh = true;
    m_asked = true;
}

void WorkloadLoop::visit(const Key& key, const Slot& slot)
{
    if (slot.order && slot.fresh) {
        const rollout::WorkloadFact fact = m_backend->deploy(*slot.order, m_stopping);
        {
            const std::scoped_lock lock(m_mutex);
            Slot& now = m_slots[key];
            if (now.order == slot.order) now.repeatAt = m_clock.now().boot + now.repeatAfter;
        }
        post(key, fact);
        return;
    }
    const rollout::WorkloadFact fact = m_backend->status(key.target, key.track, m_stopping);
    post(key, fact);
    afterStatus(key, fact);
}

void WorkloadLoop::run()
{
    std::unique_lock lock(m_mutex);
    while (!m_stopping) {
        std::map<Key, Slot> due;
        for (auto& [key, slot] : m_slots) {
            if (!slot.order && !slot.observe) continue;
            due.emplace(key, slot);
            slot.fresh = false;
            slot.observe = false;
        }
        m_asked = false;
        lock.unlock();
        for (const auto& [key, slot] : due) {
            if (!m_stopping) visit(key, slot);
        }
        lock.lock();
        m_changed.wait_for(lock, m_statusEvery, [this] { return m_stopping || m_asked; });
    }
}

} // namespace sluice::adapters
