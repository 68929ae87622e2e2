// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/threaded_engine.h"

#include <utility>

#include "core/engine/history.h"

namespace sluice::engine {

namespace {
constexpr size_t kEmergenciesAtOnce = 16; // more wait in the engine's queue
} // namespace

class ThreadedEngine::Handle final : public Subscription {
public:
    Handle(std::shared_ptr<Callbacks> callbacks, uint64_t id)
        : m_callbacks(std::move(callbacks))
        , m_id(id)
    {
    }
    ~Handle() override
    {
        const std::scoped_lock lock(m_callbacks->mutex);
        m_callbacks->all.erase(m_id);
    }

private:
    std::shared_ptr<Callbacks> m_callbacks;
    uint64_t m_id;
};

ThreadedEngine::ThreadedEngine()
{
    m_core.onPublished([callbacks = m_callbacks](const std::shared_ptr<const Snapshot>& snapshot) {
        const std::scoped_lock lock(callbacks->mutex);
        for (const auto& [id, callback] : callbacks->all)
            callback(snapshot);
    });
}

ThreadedEngine::~ThreadedEngine()
{
    stop();
}

Outcome ThreadedEngine::start(EngineParts parts, std::function<void()> beforeStep)
{
    if (Outcome prepared = prepare(std::move(parts)); !prepared.ok()) return prepared;
    run(std::move(beforeStep));
    return Done{};
}

Outcome ThreadedEngine::prepare(EngineParts parts)
{
    m_openJournal = parts.openJournal;
    m_openSamples = parts.openSamples;
    m_connections = parts.connections;
    return m_core.start(std::move(parts));
}

void ThreadedEngine::run(std::function<void()> beforeStep)
{
    m_beforeStep = std::move(beforeStep);
    m_thread = std::thread([this] {
        while (!m_ending) {
            if (m_beforeStep) m_beforeStep();
            m_core.step();
            m_core.wait();
        }
    });
}

void ThreadedEngine::stop()
{
    m_ending = true;
    m_core.wake();
    if (m_thread.joinable()) m_thread.join();
    const std::scoped_lock lock(m_emergenciesMutex);
    m_emergencies.clear(); // each waits for its end
}

void ThreadedEngine::submit(rollout::Command command, rollout::Actor actor, Reply reply)
{
    const bool drives = latest()->engine.role == EngineStatus::Role::Driver;
    if (!drives && m_core.firesWithoutLease(command) && fireBeside(command, actor, reply)) return;
    m_core.submit(std::move(command), std::move(actor), std::move(reply));
}

bool ThreadedEngine::fireBeside(const rollout::Command& command, const rollout::Actor& actor, const Reply& reply)
{
    const std::scoped_lock lock(m_emergenciesMutex);
    std::erase_if(m_emergencies, [](const std::future<void>& one) {
        return one.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    });
    if (m_emergencies.size() >= kEmergenciesAtOnce) return false;
    m_emergencies.push_back(std::async(
        std::launch::async, [this, command, actor, reply] { m_core.fireWithoutLease(command, actor, reply); }));
    return true;
}

std::unique_ptr<Subscription> ThreadedEngine::subscribe(std::function<void(std::shared_ptr<const Snapshot>)> callback)
{
    const std::scoped_lock lock(m_callbacks->mutex);
    const uint64_t id = m_callbacks->next++;
    m_callbacks->all.emplace(id, std::move(callback));
    return std::make_unique<Handle>(m_callbacks, id);
}

Result<std::vector<ports::RolloutRow>> ThreadedEngine::history(int limit,
                                                               const std::optional<ports::RolloutRow>& after) const
{
    auto journal = m_openJournal();
    if (!journal.ok()) return journal.error();
    return after ? journal.value()->rolloutsAfter(*after, limit) : journal.value()->rollouts(false, limit);
}

Result<RolloutHistory> ThreadedEngine::rolloutHistory(const RolloutId& id) const
{
    auto journal = m_openJournal();
    if (!journal.ok()) return journal.error();
    std::unique_ptr<ports::SampleStore> samples;
    if (m_openSamples) {
        if (auto opened = m_openSamples(); opened.ok()) samples = std::move(opened).value();
    }
    return readHistory(*journal.value(), samples.get(), m_connections, id);
}

Result<std::vector<RolloutSummary>> ThreadedEngine::rolloutSummaries(const std::vector<RolloutId>& ids) const
{
    auto journal = m_openJournal();
    if (!journal.ok()) return journal.error();
    std::vector<RolloutSummary> out;
    for (const RolloutId& id : ids) {
        auto summary = readSummary(*journal.value(), id);
        out.push_back(summary.ok() ? std::move(summary).value() : RolloutSummary{});
    }
    return out;
}

Result<ports::ChainVerdict> ThreadedEngine::verifyJournal() const
{
    auto journal = m_openJournal();
    if (!journal.ok()) return journal.error();
    return journal.value()->verify();
}

} // namespace sluice::engine
