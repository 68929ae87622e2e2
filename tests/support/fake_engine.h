// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "core/engine/history.h"

namespace sluice::support {

/// An engine that shows what it is given and remembers what it was asked. Thread-safe like the real one; answers at
/// once, with `answer`.
class FakeEngine : public engine::Engine {
public:
    using Shown = std::shared_ptr<const engine::Snapshot>;

    explicit FakeEngine(Shown snapshot)
        : m_latest(std::move(snapshot))
    {
    }

    void publish(Shown snapshot)
    {
        std::function<void(Shown)> tell;
        {
            const std::scoped_lock lock(m_mutex);
            m_latest = snapshot;
            tell = m_subscriber;
        }
        if (tell) tell(std::move(snapshot));
    }

    void submit(rollout::Command command, rollout::Actor actor, engine::Reply reply) override
    {
        asked.push_back(std::move(command));
        askers.push_back(std::move(actor));
        if (reply) reply(answer);
    }
    Shown latest() const override
    {
        const std::scoped_lock lock(m_mutex);
        return m_latest;
    }
    std::unique_ptr<engine::Subscription> subscribe(std::function<void(Shown)> callback) override
    {
        const std::scoped_lock lock(m_mutex);
        m_subscriber = std::move(callback);
        return std::make_unique<Ended>(*this);
    }
    Result<std::vector<ports::RolloutRow>> history(int limit,
                                                   const std::optional<ports::RolloutRow>& after) const override
    {
        std::vector<ports::RolloutRow> page;
        bool reached = !after;
        for (const ports::RolloutRow& row : rows) {
            if (reached && static_cast<int>(page.size()) < limit) page.push_back(row);
            reached = reached || row.id == after->id;
        }
        return page;
    }
    Result<engine::RolloutHistory> rolloutHistory(const RolloutId& id) const override
    {
        const auto found = histories.find(id.value);
        if (found == histories.end()) return Error{Fault::BadInput, "No rollout is called " + id.value + "."};
        return found->second;
    }
    Result<std::vector<engine::RolloutSummary>> rolloutSummaries(const std::vector<RolloutId>& ids) const override
    {
        {
            const std::scoped_lock lock(m_mutex);
            m_summariesAsked.push_back(ids);
        }
        if (beforeSummaries) beforeSummaries();
        std::vector<engine::RolloutSummary> out;
        for (const RolloutId& id : ids) {
            const auto found = histories.find(id.value);
            out.push_back(found == histories.end() ? engine::RolloutSummary{}
                                                   : engine::summaryOf(found->second.decided));
        }
        return out;
    }
    Result<ports::ChainVerdict> verifyJournal() const override { return verdict; }

    /// The questions for summaries so far, each with its rollouts.
    std::vector<std::vector<RolloutId>> summariesAsked() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_summariesAsked;
    }

    std::vector<rollout::Command> asked{};
    std::vector<rollout::Actor> askers{};
    Result<std::string> answer{std::string("accepted")};
    std::vector<ports::RolloutRow> rows{};
    std::map<std::string, engine::RolloutHistory> histories{};
    ports::ChainVerdict verdict{};
    std::function<void()> beforeSummaries{}; ///< called by the asking thread; set while nothing is asked

private:
    class Ended : public engine::Subscription {
    public:
        explicit Ended(FakeEngine& engine)
            : m_engine(engine)
        {
        }
        ~Ended() override
        {
            const std::scoped_lock lock(m_engine.m_mutex);
            m_engine.m_subscriber = nullptr;
        }

    private:
        FakeEngine& m_engine;
    };

    mutable std::mutex m_mutex{};
    Shown m_latest;                                                 // guarded by m_mutex
    mutable std::vector<std::vector<RolloutId>> m_summariesAsked{}; // guarded by m_mutex
    std::function<void(Shown)> m_subscriber{};                      // guarded by m_mutex
};

} // namespace sluice::support
