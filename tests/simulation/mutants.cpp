// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/mutants.h"

#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "tests/simulation/forwarding.h"
#include "tests/simulation/setting.h"

namespace sluice::simulation {

namespace {

class DoublingRouter final : public ForwardingRouter {
public:
    using ForwardingRouter::ForwardingRouter;
    void order(const ports::RouteOrder& order) override
    {
        ports::RouteOrder doubled = order;
        doubled.weight = Weight::parse(int64_t{order.weight.perTenThousand()} * 2).value_or(Weight::full());
        m_inner->order(doubled);
    }
};

class UnsafeRouter final : public ForwardingRouter {
public:
    using ForwardingRouter::ForwardingRouter;
    void order(const ports::RouteOrder& order) override
    {
        if (!order.safe) m_inner->order(order);
    }
};

/// Writes with the lease as it would have to be, whoever holds it.
class UnfencedJournal final : public ForwardingJournal {
public:
    UnfencedJournal(ports::Journal& inner, sim::MemoryStore& store, std::string engine)
        : ForwardingJournal(inner)
        , m_store(&store)
        , m_engine(std::move(engine))
    {
    }
    Result<ports::Appended> append(const ports::Append& append) override
    {
        ports::LeaseRow& lease = m_store->leases[append.target];
        const ports::LeaseRow real = lease;
        lease.epoch = append.epoch;
        lease.holder = m_engine;
        auto answer = m_inner->append(append);
        lease = real;
        return answer;
    }

private:
    sim::MemoryStore* m_store;
    std::string m_engine;
};

class ForgetfulJournal final : public ForwardingJournal {
public:
    using ForwardingJournal::ForwardingJournal;
    Result<ports::Appended> append(const ports::Append& append) override
    {
        constexpr int kEvery = 25;
        if (++m_appends % kEvery == 0) return ports::Appended::Stored;
        return m_inner->append(append);
    }

private:
    int m_appends{0};
};

class GenerousJournal final : public ForwardingJournal {
public:
    using ForwardingJournal::ForwardingJournal;
    Result<ports::LeaseRow> acquire(const TargetId& target, const std::string& engine, const PersonId& person,
                                    int64_t above, bool, const std::string& reason) override
    {
        return m_inner->acquire(target, engine, person, above, true, reason);
    }
};

class BlindSafety final : public ForwardingSafety {
public:
    using ForwardingSafety::ForwardingSafety;
    std::optional<ports::StopRecord> stopped(const TargetId&) override { return std::nullopt; }
};

class FastClock final : public ports::Clock {
public:
    explicit FastClock(const ports::Clock& inner)
        : m_inner(&inner)
        , m_begin(inner.now())
    {
    }
    Now now() const override
    {
        const Now real = m_inner->now();
        return {.wall = real.wall + (real.wall - m_begin.wall) / 2, .boot = real.boot + (real.boot - m_begin.boot) / 2};
    }

private:
    const ports::Clock* m_inner;
    Now m_begin;
};

/// A batch without a sample, or with one that is no number, is "no data" to an honest source.
bool hasData(const analysis::RawBatch& batch)
{
    bool any = false;
    for (const auto& series : batch.series)
        for (const auto& sample : series.samples) {
            if (!std::isfinite(sample.value)) return false;
            any = any || sample.atMs > micros(batch.serverTime) / 1000 - 1500;
        }
    return any;
}

void repeatLast(std::optional<analysis::RawBatch>& last, WallTime& lastTime, ports::MetricAnswer& answer)
{
    if (answer.backfill) return;
    lastTime += std::chrono::seconds(1);
    if (answer.batch.ok() && hasData(answer.batch.value())) {
        last = answer.batch.value();
        lastTime = last->serverTime;
        return;
    }
    if (!last) return;
    analysis::RawBatch again = *last;
    const int64_t shift = micros(lastTime - last->serverTime) / 1000;
    for (auto& series : again.series)
        for (auto& sample : series.samples)
            sample.atMs += shift;
    again.arrivedAt += lastTime - last->serverTime;
    again.serverTime = lastTime;
    answer.batch = std::move(again);
}

void dropErrors(ports::MetricAnswer& answer)
{
    if (!answer.batch.ok()) return;
    std::erase_if(answer.batch.value().series, [](const analysis::RawSeries& series) {
        for (const auto& [name, value] : series.labels)
            if (name == "code" && value == "500") return true;
        return false;
    });
}

/// Puts one door in front of another; the life keeps it.
template <class Door, class Port, class... More>
Door* front(Life& life, Port& inner, More&&... more)
{
    auto door = std::make_shared<Door>(inner, std::forward<More>(more)...);
    life.doors.push_back(door);
    return door.get();
}

} // namespace

const std::vector<Mutant>& allMutants()
{
    static const std::vector<Mutant> all{
        Mutant::VerifiesWithoutReading, Mutant::DoublesWeight, Mutant::IgnoresSafe,  Mutant::DoesNotFence,
        Mutant::ForgetsAppends,         Mutant::TakesLeases,   Mutant::OldDataIsNew, Mutant::SeesNoErrors,
        Mutant::ReadyTooEarly,          Mutant::HidesStops,    Mutant::FastClock};
    return all;
}

std::string_view mutantName(Mutant mutant)
{
    switch (mutant) {
    case Mutant::None: return "none";
    case Mutant::VerifiesWithoutReading: return "verifies without reading";
    case Mutant::DoublesWeight: return "doubles the weight";
    case Mutant::IgnoresSafe: return "ignores the safe order";
    case Mutant::DoesNotFence: return "does not fence";
    case Mutant::ForgetsAppends: return "forgets appends";
    case Mutant::TakesLeases: return "takes leases";
    case Mutant::OldDataIsNew: return "old data is new";
    case Mutant::SeesNoErrors: return "sees no errors";
    case Mutant::ReadyTooEarly: return "ready too early";
    case Mutant::HidesStops: return "hides stops";
    case Mutant::FastClock: return "fast clock";
    }
    return {};
}

void plant(Mutant mutant, Life& life, sim::MemoryStore& store, engine::EngineParts& parts)
{
    switch (mutant) {
    case Mutant::DoublesWeight: parts.router = front<DoublingRouter>(life, *parts.router); return;
    case Mutant::IgnoresSafe: parts.router = front<UnsafeRouter>(life, *parts.router); return;
    case Mutant::DoesNotFence: parts.journal = front<UnfencedJournal>(life, *parts.journal, store, life.name); return;
    case Mutant::ForgetsAppends: parts.journal = front<ForgetfulJournal>(life, *parts.journal); return;
    case Mutant::TakesLeases: parts.journal = front<GenerousJournal>(life, *parts.journal); return;
    case Mutant::HidesStops: parts.safety = front<BlindSafety>(life, *parts.safety); return;
    case Mutant::FastClock: parts.clock = front<FastClock>(life, *parts.clock); return;
    case Mutant::VerifiesWithoutReading:
    case Mutant::OldDataIsNew:
    case Mutant::SeesNoErrors:
    case Mutant::ReadyTooEarly:
    case Mutant::None: return;
    }
}

void tamper(Mutant mutant, app::SimulatedEngine& engine)
{
    const auto onMetrics = [&](auto change) {
        engine.tamper = [change](ports::PortMessage& message) mutable {
            if (auto* answer = std::get_if<ports::MetricAnswer>(&message)) change(*answer);
        };
    };
    if (mutant == Mutant::SeesNoErrors) onMetrics([](ports::MetricAnswer& answer) { dropErrors(answer); });
    if (mutant == Mutant::OldDataIsNew)
        onMetrics([last = std::optional<analysis::RawBatch>(), time = WallTime()](ports::MetricAnswer& answer) mutable {
            repeatLast(last, time, answer);
        });
    if (mutant == Mutant::VerifiesWithoutReading)
        engine.tamper = [](ports::PortMessage& message) {
            auto* answer = std::get_if<ports::ProxyAnswer>(&message);
            if (answer == nullptr) return;
            answer->fact.state = rollout::ProxyFact::State::Verified;
            answer->fact.generation = std::numeric_limits<uint64_t>::max();
        };
    if (mutant == Mutant::ReadyTooEarly)
        engine.tamper = [](ports::PortMessage& message) {
            auto* answer = std::get_if<ports::WorkloadAnswer>(&message);
            if (answer != nullptr) answer->fact.ready = answer->fact.wanted;
        };
}

} // namespace sluice::simulation
