// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/rig.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "core/adapters/prometheus_source.h"
#include "core/base/check.h"
#include "tests/bench/measure.h"

namespace sluice::bench {

namespace {

using namespace std::chrono_literals;

constexpr Duration kSetupLimit = 30s;
/// The first bad second decides: nothing is averaged away and nothing has to last.
constexpr const char* kHead = R"(playbook: bench
before: 0s
metrics:
  error_rate:
    kind: ratio
    of: 'http_requests_total{service="$service",track="$track",code="500"}'
    over: 'http_requests_total{service="$service",track="$track"}'
    window: 5s
)";
constexpr const char* kStages = R"(stages:
  - {weight: 10%, bake: 1h, require: [{metric: error_rate, below: 50%}]}
  - {weight: 100%, bake: 1h, require: [{metric: error_rate, below: 50%}]}
triggers:
  - {metric: error_rate, above: 10%}
)";

/// Nineteen more: shares, rates, counts, quantiles over twelve buckets, gauges, each over a window of its own.
std::string moreMetrics()
{
    const auto labels = [](const std::string& name) { return name + R"({service="$service",track="$track"})"; };
    std::string out;
    const auto add = [&out](const std::string& name, const std::string& keys, int window) {
        out += fmt::format("  {}: {{{}, window: {}s}}\n", name, keys, window);
    };
    for (int i = 1; i <= 5; ++i)
        add(fmt::format("failed_payments_{}", i),
            fmt::format("kind: ratio, of: '{}', over: '{}'", labels("payment_failures_total"),
                        labels("payments_total")),
            i * 20);
    for (int i = 1; i <= 4; ++i)
        add(fmt::format("requests_{}", i), fmt::format("kind: rate, of: '{}'", labels("http_requests_total")), i * 15);
    for (int i = 1; i <= 3; ++i)
        add(fmt::format("payments_{}", i), fmt::format("kind: count, of: '{}'", labels("payments_total")), i * 60);
    for (const int percent : {50, 90, 95, 99})
        add(fmt::format("p{}", percent),
            fmt::format("kind: quantile, q: 0.{}, of: '{}'", percent, labels("http_request_duration_seconds_bucket")),
            60);
    for (const char* name : {"cpu_ratio", "memory_ratio", "active_users"})
        add(name, fmt::format("kind: gauge, of: '{}'", labels(name)), 30);
    return out;
}

} // namespace

void ReadyWorkloads::post(const TargetId& target, Track track, const std::string& version, int instances)
{
    const rollout::WorkloadFact fact{.known = true, .version = version, .ready = instances, .wanted = instances};
    (void)m_sink(ports::WorkloadAnswer{.target = target, .track = track, .fact = fact});
}

void ReadyWorkloads::order(const ports::WorkloadOrder& order)
{
    post(order.target, order.track, order.version, std::max(order.instances, 0));
}

void ReadyWorkloads::observe(const TargetId& target)
{
    post(target, Track::Stable, "v1", 4);
}

Rig::Rig(const Setup& setup)
    : m_metrics(static_cast<int>(setup.targets.size()), setup.twentyMetrics)
    , m_setup(setup)
{
    const auto& targets = m_setup.targets;
    const std::string folder = m_folder.path().toStdString();
    m_connections.people = {{.id = PersonId("ana"), .name = "Ana", .roles = {"release-manager", "on-call"}}};
    m_connections.sources["bench"] = {.url = m_metrics.url()};
    m_connections.deployers["bench"] = {};
    std::vector<adapters::RouterBinding> bindings;
    for (size_t number = 0; number < targets.size(); ++number) {
        TargetConfig config{.id = target(static_cast<int>(number)),
                            .service = "s" + std::to_string(number),
                            .environment = "production",
                            .metrics = "bench",
                            .deployer = "bench",
                            .stableVersion = "v1"};
        for (const adapters::RouterBinding& binding : targets[number]) {
            config.routers.push_back(binding.name);
            m_connections.routers[binding.name] = binding.config;
            bindings.push_back(binding);
        }
        m_connections.targets.push_back(std::move(config));
    }
    auto journal = journal::SqliteJournal::open(folder + "/journal.db", m_clock, journal::OpenMode::Create);
    auto samples = journal::SqliteSampleStore::open(folder + "/samples.db", m_clock, journal::OpenMode::Create);
    SLUICE_CHECK(journal.ok() && samples.ok());
    m_journal = std::move(journal).value();
    m_samples = std::move(samples).value();
    m_safety = std::make_unique<journal::StopFiles>(folder);
    const ports::Sink sink = m_engine->sink();
    m_router = std::make_unique<adapters::HaproxyRouter>(std::move(bindings), watched(sink), m_clock);
    m_source = std::make_unique<adapters::PrometheusSource>(
        "bench", m_connections.sources["bench"],
        [this, sink](ports::PortMessage message) {
            const bool taken = sink(std::move(message));
            ++m_answers;
            return taken;
        },
        m_clock);
    m_workloads = std::make_unique<ReadyWorkloads>(sink);
}

Rig::~Rig()
{
    m_engine->stop();
    m_router.reset();
    m_source.reset();
}

engine::EngineParts Rig::parts()
{
    engine::EngineParts parts;
    parts.connections = m_connections;
    parts.engineId = "bench";
    parts.engineTitle = "bench";
    parts.person = PersonId("ana");
    parts.clock = &m_clock;
    parts.journal = m_journal.get();
    parts.samples = m_samples.get();
    parts.safety = m_safety.get();
    parts.router = m_router.get();
    parts.sources = {{"bench", m_source.get()}};
    parts.deployers = {{"bench", m_workloads.get()}};
    return parts;
}

bool Rig::bake()
{
    SLUICE_CHECK(m_engine->prepare(parts()).ok());
    if (!m_setup.stepped) m_engine->run({});
    const auto driving = [](const engine::Snapshot& s) { return s.engine.role == engine::EngineStatus::Role::Driver; };
    if (!until(driving, kSetupLimit)) {
        m_why = "the engine did not get the leases";
        return false;
    }
    // A target gets its lease when its proxies were read; until then a start is refused and asked again.
    const size_t all = m_connections.targets.size();
    const std::string playbook = kHead + (m_setup.twentyMetrics ? moreMetrics() : "") + kStages;
    std::set<size_t> started;
    const auto baking = [&](const engine::Snapshot& snapshot) {
        for (const auto& view : snapshot.rollouts) {
            const auto isOf = [&view](const TargetConfig& target) { return target.id == view->state.target; };
            const auto found = std::ranges::find_if(m_connections.targets, isOf);
            started.insert(static_cast<size_t>(found - m_connections.targets.begin()));
        }
        return snapshot.rollouts.size() == all && std::ranges::all_of(snapshot.rollouts, [](const auto& view) {
                   return view->state.phase == rollout::Phase::Baking && view->assessment.sampleTime != WallTime{};
               });
    };
    for (int attempt = 0; attempt < 30; ++attempt) {
        for (size_t number = 0; number < all; ++number)
            if (!started.contains(number))
                submit(rollout::StartRollout{
                    .target = target(static_cast<int>(number)), .toVersion = "v2", .playbookText = playbook});
        if (until(baking, 1s)) return true;
    }
    m_why = fmt::format("{} of {} releases started, and not all of them bake", started.size(), all);
    for (const auto& source : m_engine->latest()->sources)
        if (source.kind == "metrics") m_why += "; source: " + source.problem + " " + std::to_string(source.age.count());
    for (const auto& view : m_engine->latest()->rollouts)
        for (const auto& wait : view->waits)
            if (!wait.holds) m_why += "; " + rollout::waitText(wait);
    return false;
}

std::optional<double> Rig::until(const std::function<bool(const engine::Snapshot&)>& fits, Duration limit)
{
    const double deadline = seconds() + std::chrono::duration<double>(limit).count();
    if (m_setup.stepped) {
        while (seconds() < deadline) {
            m_engine->stepNow();
            if (fits(*m_engine->latest())) return seconds();
            std::this_thread::sleep_for(5ms);
        }
        return std::nullopt;
    }
    std::mutex mutex;
    std::condition_variable changed;
    std::optional<double> at; // guarded by mutex
    const auto look = [&](const std::shared_ptr<const engine::Snapshot>& snapshot) {
        const std::scoped_lock lock(mutex);
        if (at || !fits(*snapshot)) return;
        at = seconds();
        changed.notify_one();
    };
    const auto subscription = m_engine->subscribe(look);
    std::unique_lock lock(mutex);
    changed.wait_for(lock, limit, [&] { return at.has_value(); });
    return at;
}

ports::Sink Rig::watched(ports::Sink sink)
{
    return [this, sink = std::move(sink)](ports::PortMessage message) {
        const auto* answer = std::get_if<ports::ProxyAnswer>(&message);
        if (answer != nullptr && answer->fact.state == rollout::ProxyFact::State::Verified &&
            answer->fact.limit == Weight::none() && answer->fact.canaryMaint) {
            const std::scoped_lock lock(m_mutex);
            m_zeros.emplace(answer->fact.name, seconds());
            m_zeroed.notify_one();
        }
        return sink(std::move(message));
    };
}

void Rig::countZeros()
{
    const std::scoped_lock lock(m_mutex);
    m_zeros.clear();
}

std::optional<double> Rig::zeroAt(size_t proxies, Duration limit)
{
    std::unique_lock lock(m_mutex);
    if (!m_zeroed.wait_for(lock, limit, [&] { return m_zeros.size() >= proxies; })) return std::nullopt;
    return std::ranges::max_element(m_zeros, {}, [](const auto& zero) { return zero.second; })->second;
}

void Rig::submit(rollout::Command command)
{
    const rollout::Actor ana{.person = PersonId("ana"), .roles = {"release-manager", "on-call"}, .proof = "os"};
    m_engine->submit(std::move(command), ana, [](const Result<std::string>&) {});
}

TargetId Rig::target(int number)
{
    return TargetId(fmt::format("s{}/production", number));
}

std::vector<std::vector<adapters::RouterBinding>> Rig::bindings(const ProxyFarm& farm, int targets, int each)
{
    std::vector<std::vector<adapters::RouterBinding>> out(static_cast<size_t>(targets));
    for (int i = 0; i < targets * each; ++i)
        out[static_cast<size_t>(i / each)].push_back(farm.binding(i, target(i / each), fmt::format("p{}", i)));
    return out;
}

const RolloutId& Rig::rolloutOn(const engine::Snapshot& snapshot, int number)
{
    const engine::RolloutView* view = snapshot.liveOn(target(number));
    SLUICE_CHECK(view != nullptr);
    return view->state.id;
}

bool atZero(const engine::Snapshot& snapshot, const TargetId& target, const std::string& except)
{
    const auto found =
        std::ranges::find_if(snapshot.rollouts, [&](const auto& view) { return view->state.target == target; });
    if (found == snapshot.rollouts.end() || !(*found)->state.rollback) return false;
    const rollout::Rollout& state = (*found)->state;
    return std::ranges::all_of((*found)->world.proxies, [&](const rollout::ProxyFact& fact) {
        const bool zero = fact.state == rollout::ProxyFact::State::Verified && fact.generation == state.generation &&
                          fact.limit == Weight::none() && fact.canaryMaint;
        return zero || fact.name == except;
    });
}

} // namespace sluice::bench
