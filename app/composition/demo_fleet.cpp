// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/composition/demo_fleet.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include <unistd.h>

#include "app/composition/demo_script.h"
#include "core/adapters/system_clock.h"
#include "core/engine/threaded_engine.h"
#include "core/journal/sqlite_journal.h"
#include "core/journal/sqlite_sample_store.h"
#include "core/sim/simulated_ports.h"

namespace sluice::app {

namespace {

/// Nobody watches the first hour, so the engine takes fewer rounds in it; samples come every second all the same.
constexpr Duration kStep = std::chrono::seconds(2);
constexpr Duration kLastMinutes = std::chrono::minutes(2);
constexpr Duration kCloseStep = std::chrono::seconds(1);
constexpr Duration kFineStep =
    std::chrono::milliseconds(50); // how long traffic takes to go back is a figure to look at
constexpr Duration kTellEvery = std::chrono::minutes(1);
constexpr Duration kLongestJump = std::chrono::seconds(30); // of simulated time in one round, at most

constexpr std::uintmax_t kRoomInMemory = 512U << 20; // an afternoon of the demo, and the journal's reserve

/// In memory where there is such a place: nobody needs the demo's journal after a power cut, and waiting for a disk at
/// each of its thousands of commits was three quarters of the time that playing took. Empty when none can be made.
std::filesystem::path demoFolder()
{
    std::error_code none;
    std::vector<std::filesystem::path> places;
    if (std::filesystem::space("/dev/shm", none).available >= kRoomInMemory && !none) places.emplace_back("/dev/shm");
    places.push_back(std::filesystem::temp_directory_path(none));
    for (const auto& place : places) {
        std::string name = (place / "sluice-demo.XXXXXX").string();
        if (mkdtemp(name.data()) != nullptr) return name;
    }
    return {};
}

const rollout::Actor kBot{PersonId("release-bot"), {"release-manager"}, "os"};
const rollout::Actor kColleague{PersonId("colleague"), {"engineering-lead", "release-manager"}, "os"};

} // namespace

/// Order of members = order of life, the engine's thread ends first.
struct DemoFleet::World {
    Options options{};
    Connections connections{demoConnections()};
    std::filesystem::path folder{};
    adapters::SystemClock realClock{};
    sim::SimulatedWorld world;
    sim::SimulatedSafety safety{};
    std::unique_ptr<journal::SqliteJournal> journal{};
    std::unique_ptr<journal::SqliteSampleStore> samples{};
    engine::ThreadedEngine engine{};
    sim::SimulatedRouter router;
    sim::SimulatedMetricSource metrics;
    sim::SimulatedWorkloads workloads;
    sim::SimulatedHealth health;
    BootTime realLast{};
    WallTime begin{};
    std::set<size_t> started{};
    std::map<std::string, bool> asked{};

    World(const Options& given, WallTime start)
        : options(given)
        , world(given.seed, start)
        , router(world, engine.sink())
        , metrics(kDemoMetrics, world, engine.sink())
        , workloads(world, engine.sink())
        , health(world, engine.sink())
        , begin(start)
    {
    }
    ~World()
    {
        engine.stop();
        journal.reset();
        samples.reset();
        std::error_code ignored; // a folder in /tmp that cannot be removed harms nobody
        std::filesystem::remove_all(folder, ignored);
    }

    Outcome open();
    engine::EngineParts parts();
    void advance(Duration by);
    void script();
    bool trafficGoesBack() const;
    void people(const engine::RolloutView& view, const DemoRelease& release);
    void submit(rollout::Command command, const rollout::Actor& actor)
    {
        engine.submit(std::move(command), actor, [](const Result<std::string>&) {});
    }
};

Outcome DemoFleet::World::open()
{
    folder = demoFolder();
    if (folder.empty()) return Error{Fault::Unreachable, "No temporary folder can be made for the demo."};
    auto opened =
        journal::SqliteJournal::open((folder / "journal.db").string(), world.clock(), journal::OpenMode::Create);
    if (!opened.ok()) return opened.error();
    journal = std::move(opened).value();
    auto stored =
        journal::SqliteSampleStore::open((folder / "samples.db").string(), world.clock(), journal::OpenMode::Create);
    if (!stored.ok()) return stored.error();
    samples = std::move(stored).value();
    for (const DemoService& one : demoServices()) {
        const TargetConfig* target = connections.target(TargetId(one.service + "/" + one.environment));
        sim::SimulatedService& service = world.add(*target, one.stableVersion, one.instances);
        service.requestsPerSecond = one.requestsPerSecond;
        service.users = one.users;
        service.stableBehaviour.paymentFailure = 0;
        if (one.playbook.starts_with("avalo")) { // its latency part scores from 500 ms on
            service.stableBehaviour.latencyMedianMs = 130;
            service.stableBehaviour.latencySpread = 0.7;
            service.stable.exportEverything();
            service.canary.exportEverything();
        }
    }
    return Done{};
}

engine::EngineParts DemoFleet::World::parts()
{
    engine::EngineParts parts;
    parts.connections = connections;
    parts.engineId = "demo-" + std::to_string(getpid());
    parts.engineTitle = "this console";
    parts.person = PersonId("you");
    parts.demo = true;
    parts.shareLive = false;
    parts.clock = &world.clock();
    parts.journal = journal.get();
    parts.samples = samples.get();
    parts.safety = &safety;
    parts.router = &router;
    parts.health = &health;
    parts.sources = {{kDemoMetrics, &metrics}};
    parts.deployers = {{"sim", &workloads}};
    const std::string journalPath = (folder / "journal.db").string();
    const std::string samplesPath = (folder / "samples.db").string();
    parts.openJournal = [this, journalPath]() -> Result<std::unique_ptr<ports::Journal>> {
        auto opened = journal::SqliteJournal::open(journalPath, realClock, journal::OpenMode::Observe);
        if (!opened.ok()) return opened.error();
        return std::unique_ptr<ports::Journal>(std::move(opened).value());
    };
    parts.openSamples = [this, samplesPath]() -> Result<std::unique_ptr<ports::SampleStore>> {
        auto opened = journal::SqliteSampleStore::open(samplesPath, realClock, journal::OpenMode::Observe);
        if (!opened.ok()) return opened.error();
        return std::unique_ptr<ports::SampleStore>(std::move(opened).value());
    };
    return parts;
}

void DemoFleet::World::advance(Duration by)
{
    script();
    world.advance(by);
    workloads.deliver();
    router.deliver();
    metrics.deliver();
    health.deliver();
}

bool DemoFleet::World::trafficGoesBack() const
{
    const auto snapshot = engine.latest();
    return std::ranges::any_of(snapshot->rollouts, [](const auto& view) {
        return view->state.phase == rollout::Phase::RollingBack && !view->state.rollback->verifiedAfter;
    });
}

void DemoFleet::World::script()
{
    const Duration gone = world.clock().now().wall - begin;
    const auto& releases = demoReleases();
    const auto snapshot = engine.latest();
    for (size_t i = 0; i < releases.size(); ++i) {
        const DemoRelease& release = releases[i];
        if (gone < release.at) continue;
        sim::SimulatedService* service = world.service(release.target);
        const bool bad = release.badFrom > Duration(0) && gone >= release.badFrom;
        if (gone < kPlayed || started.count(i) == 0) service->canaryBehaviour = bad ? release.bad : release.canary;
        if (started.insert(i).second) {
            submit(rollout::StartRollout{.target = release.target,
                                         .toVersion = release.toVersion,
                                         .playbook = release.playbook,
                                         .note = "demo"},
                   kBot);
        }
        const engine::RolloutView* view = snapshot->liveOn(release.target);
        if (view != nullptr && gone < kPlayed) people(*view, release);
    }
}

void DemoFleet::World::people(const engine::RolloutView& view, const DemoRelease& release)
{
    if (!view.playbook) return;
    const Duration gone = world.clock().now().wall - begin;
    for (const auto* list : {&view.playbook->checklists.pre, &view.playbook->checklists.during}) {
        for (const ChecklistItem& item : *list) {
            if (view.state.ticked.contains(item.id) || !asked.try_emplace(view.state.id.value + item.id).second)
                continue;
            submit(rollout::TickItem{.rollout = view.state.id, .item = item.id, .ticked = true, .note = {}},
                   kColleague);
        }
    }
    if (!view.state.approval || gone > release.approveUntil) return;
    if (!asked.try_emplace(view.state.id.value + view.state.approval->digest).second) return;
    submit(
        rollout::Approve{.rollout = view.state.id, .digest = view.state.approval->digest, .comment = "evidence read"},
        kColleague);
}

DemoFleet::DemoFleet(std::unique_ptr<World> world)
    : m_world(std::move(world))
{
}
DemoFleet::~DemoFleet() = default;

Result<std::unique_ptr<DemoFleet>> DemoFleet::create(const Options& options)
{
    const WallTime now = adapters::SystemClock().now().wall;
    auto world = std::make_unique<World>(options, options.start == WallTime{} ? now - kPlayed : options.start);
    if (Outcome opened = world->open(); !opened.ok()) return opened.error();
    if (Outcome prepared = world->engine.prepare(world->parts()); !prepared.ok()) return prepared.error();
    Duration told = -kTellEvery;
    for (Duration gone{0}, step{0}; gone < kPlayed; gone += step) {
        if (options.progress && gone >= told + kTellEvery) options.progress(told = gone);
        step = gone + kLastMinutes < kPlayed ? kStep : kCloseStep;
        if (world->trafficGoesBack()) step = kFineStep;
        world->advance(step);
        world->engine.stepNow();
    }
    return std::unique_ptr<DemoFleet>(new DemoFleet(std::move(world)));
}

void DemoFleet::run()
{
    World& world = *m_world;
    world.realLast = world.realClock.now().boot;
    world.engine.run([&world] {
        const BootTime real = world.realClock.now().boot;
        const double factor = world.options.frozen ? 0.0 : world.options.speed;
        Duration by(static_cast<int64_t>(static_cast<double>((real - world.realLast).count()) * factor));
        world.realLast = real;
        if (by > Duration(0)) world.advance(std::min(by, kLongestJump));
    });
}

engine::Engine& DemoFleet::engine()
{
    return m_world->engine;
}
const Connections& DemoFleet::connections() const
{
    return m_world->connections;
}
const ports::Clock& DemoFleet::clock() const
{
    return m_world->world.clock();
}

} // namespace sluice::app
