// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/journal.h"
#include "core/ports/safety_files.h"
#include "core/ports/traffic_router.h"
#include "core/ports/workload_controller.h"

// Ports that hand everything on: watchers and planted bugs change one call each.

namespace sluice::simulation {

class ForwardingRouter : public ports::TrafficRouter {
public:
    explicit ForwardingRouter(ports::TrafficRouter& inner)
        : m_inner(&inner)
    {
    }
    void order(const ports::RouteOrder& order) override { m_inner->order(order); }
    void observe(const TargetId& target) override { m_inner->observe(target); }
    void release(const TargetId& target) override { m_inner->release(target); }
    int64_t highestEpochSeen(const TargetId& target) const override { return m_inner->highestEpochSeen(target); }
    std::string safeFile(const TargetId& target, int64_t epoch) const override
    {
        return m_inner->safeFile(target, epoch);
    }

protected:
    ports::TrafficRouter* m_inner;
};

class ForwardingWorkloads : public ports::WorkloadController {
public:
    explicit ForwardingWorkloads(ports::WorkloadController& inner)
        : m_inner(&inner)
    {
    }
    void order(const ports::WorkloadOrder& order) override { m_inner->order(order); }
    void observe(const TargetId& target) override { m_inner->observe(target); }

protected:
    ports::WorkloadController* m_inner;
};

class ForwardingJournal : public ports::Journal {
public:
    explicit ForwardingJournal(ports::Journal& inner)
        : m_inner(&inner)
    {
    }
    Result<ports::Appended> append(const ports::Append& append) override { return m_inner->append(append); }
    Result<std::vector<ports::StoredEvent>> events(const RolloutId& rollout, int64_t after, int limit) override
    {
        return m_inner->events(rollout, after, limit);
    }
    Result<std::vector<ports::StoredEvent>> eventsSince(int64_t gseq, int limit) override
    {
        return m_inner->eventsSince(gseq, limit);
    }
    Result<std::vector<ports::RolloutRow>> rollouts(bool unfinished, int limit) override
    {
        return m_inner->rollouts(unfinished, limit);
    }
    Result<std::vector<ports::RolloutRow>> rolloutsAfter(const ports::RolloutRow& row, int limit) override
    {
        return m_inner->rolloutsAfter(row, limit);
    }
    Result<Done> putRollout(const ports::RolloutRow& row, int64_t epoch) override
    {
        return m_inner->putRollout(row, epoch);
    }
    Result<Done> recordCleared(const ports::ClearedStop& stop, int64_t epoch) override
    {
        return m_inner->recordCleared(stop, epoch);
    }
    Result<std::vector<ports::ClearedStop>> clearedStops(int limit) override { return m_inner->clearedStops(limit); }
    Result<ports::ChainVerdict> verify() override { return m_inner->verify(); }
    Result<Done> putState(const ports::StateRow& row) override { return m_inner->putState(row); }
    Result<std::optional<ports::StateRow>> state(const RolloutId& id) override { return m_inner->state(id); }
    Result<Done> reopen() override { return m_inner->reopen(); }
    Result<Done> freeSpaceOk() const override { return m_inner->freeSpaceOk(); }
    Result<Done> announce(const std::string& engine, const PersonId& person) override
    {
        return m_inner->announce(engine, person);
    }
    Result<Done> renew(const std::string& engine) override { return m_inner->renew(engine); }
    std::optional<BootTime> lastRenewed() const override { return m_inner->lastRenewed(); }
    Result<ports::LeaseRow> acquire(const TargetId& target, const std::string& engine, const PersonId& person,
                                    int64_t above, bool force, const std::string& reason) override
    {
        return m_inner->acquire(target, engine, person, above, force, reason);
    }
    Result<std::optional<ports::LeaseRow>> lease(const TargetId& target) override { return m_inner->lease(target); }
    Result<Done> release(const TargetId& target, const std::string& engine) override
    {
        return m_inner->release(target, engine);
    }
    Result<Done> ask(const ports::InboxRow& row) override { return m_inner->ask(row); }
    Result<std::vector<ports::InboxRow>> unanswered(int limit) override { return m_inner->unanswered(limit); }
    Result<Done> answer(const std::string& id, const std::string& answer) override
    {
        return m_inner->answer(id, answer);
    }
    Result<std::optional<ports::InboxRow>> inboxRow(const std::string& id) override { return m_inner->inboxRow(id); }

protected:
    ports::Journal* m_inner;
};

class ForwardingSafety : public ports::SafetyFiles {
public:
    explicit ForwardingSafety(ports::SafetyFiles& inner)
        : m_inner(&inner)
    {
    }
    Outcome writeSafe(const TargetId& target, const std::string& content) override
    {
        return m_inner->writeSafe(target, content);
    }
    std::optional<ports::StopRecord> stopped(const TargetId& target) override { return m_inner->stopped(target); }
    Outcome createStop(const ports::StopRecord& record) override { return m_inner->createStop(record); }
    Outcome explainStop(const ports::StopRecord& record) override { return m_inner->explainStop(record); }
    Outcome clearStop(const TargetId& target) override { return m_inner->clearStop(target); }
    bool freeSpaceOk() override { return m_inner->freeSpaceOk(); }

protected:
    ports::SafetyFiles* m_inner;
};

} // namespace sluice::simulation
