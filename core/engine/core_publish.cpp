// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <utility>

#include "core/engine/charts.h"
#include "core/engine/engine_core.h"
#include "core/engine/snapshot_json.h"

namespace sluice::engine {

namespace {

constexpr int64_t kScrapeSpreadUs = 10'000'000; ///< a new rollout's first sample is stored so long after another one's
constexpr size_t kChartsPerRound = 25;          // an hour of six charts is 700 kB

/// One proxy as a source with its age.
SourceStatus routerStatus(const rollout::ProxyFact& proxy, bool everAnswered)
{
    SourceStatus status{.name = proxy.name, .kind = "router", .age = proxy.sinceAnswer, .problem = proxy.detail};
    const bool silent =
        proxy.state == rollout::ProxyFact::State::Unreachable || proxy.state == rollout::ProxyFact::State::Unknown;
    if (silent && !everAnswered)
        status.state = SourceStatus::State::Never;
    else if (silent && proxy.sinceAnswer > kProxySilent)
        status.state = SourceStatus::State::Gone;
    else
        status.state = silent ? SourceStatus::State::Late : SourceStatus::State::Fresh;
    return status;
}

/// The journal as a source: what a driver last wrote there is its lease.
SourceStatus journalStatus(Duration sinceWrite, const std::string& problem)
{
    SourceStatus status{.name = "Journal", .kind = "store", .age = sinceWrite, .problem = problem};
    if (!problem.empty())
        status.state = SourceStatus::State::Gone;
    else
        status.state = sinceWrite <= kSelfStop / 2 ? SourceStatus::State::Fresh : SourceStatus::State::Late;
    return status;
}

/// As the driver last saw it, so much later.
std::shared_ptr<const RolloutView> aged(const RolloutView& seen, Duration by)
{
    auto view = std::make_shared<RolloutView>(seen);
    view->assessment.age += by;
    if (by > kSelfStop) view->assessment.freshness = analysis::Freshness::NoData;
    for (rollout::ProxyFact& proxy : view->world.proxies)
        proxy.sinceAnswer += by;
    return view;
}

std::optional<StopView> stopView(const std::optional<ports::StopRecord>& stop)
{
    if (!stop) return std::nullopt;
    return StopView{.by = stop->person, .reason = stop->reason, .since = stop->at};
}

std::optional<WallTime> expectedEnd(const RolloutRunner& runner, Now now)
{
    const rollout::Rollout& state = runner.state();
    if (rollout::isEnd(state.phase) || state.phase == rollout::Phase::RollingBack) return std::nullopt;
    Duration left = runner.playbook().watch.length - state.watched;
    for (size_t i = static_cast<size_t>(std::max(state.stage, 0)); i < runner.playbook().stages.size(); ++i) {
        const Duration baked = i < state.stages.size() ? state.stages[i].baked : Duration(0);
        left += std::max(Duration(0), runner.playbook().stages[i].bake - baked);
    }
    return now.wall + left;
}

} // namespace

std::shared_ptr<const RolloutView> EngineCore::makeView(const TargetSlot& target) const
{
    const RolloutRunner& runner = *target.runner;
    auto view = std::make_shared<RolloutView>();
    view->state = runner.state();
    view->playbook = runner.playbookPointer();
    view->service = target.config->service;
    view->environment = target.config->environment;
    view->lab = target.config->lab;
    view->world = runner.latest().world;
    view->assessment = runner.latest().assessment;
    if (!rollout::isEnd(runner.state().phase))
        view->waits = rollout::waitReasons(runner.state(), runner.playbook(), runner.latest(), m_now);
    view->moves = rollout::legalMoves(runner.state(), runner.playbook(), runner.latest());
    view->charts = target.charts.charts();
    view->log = runner.log();
    view->expectedEnd = expectedEnd(runner, m_now);
    view->drivenHere = target.lease.has_value();
    return view;
}

EngineStatus EngineCore::status() const
{
    EngineStatus status{.problem = m_problem, .demo = m_parts.demo};
    status.role = m_driving ? EngineStatus::Role::Driver : EngineStatus::Role::Observer;
    status.holder = m_driving ? m_parts.engineTitle : m_otherDriver;
    status.renewedAgo = m_now.boot - m_lastRenewed;
    for (const auto& [id, target] : m_targets)
        status.rollbackCheckedAgo = std::max(status.rollbackCheckedAgo, target->tracker.oldestAnswer(m_now));
    return status;
}

bool EngineCore::isShown(const TargetSlot& target) const
{
    return target.runner && (target.live() || m_now.boot - target.endedAt < kEndedShown);
}

/// Those that waited longest come first, so a large fleet's charts are all renewed within some seconds.
void EngineCore::renewCharts()
{
    std::vector<TargetSlot*> stale;
    for (auto& [id, target] : m_targets) {
        const RolloutRunner* runner = isShown(*target) ? target->runner.get() : nullptr;
        if (runner != nullptr && target->charts.isStale(runner->playbook(), runner->state(), runner->judge()))
            stale.push_back(target.get());
    }
    std::ranges::sort(stale, {}, [](const TargetSlot* target) { return target->charts.copiedAt(); });
    if (stale.size() > kChartsPerRound) stale.resize(kChartsPerRound);
    for (TargetSlot* target : stale)
        target->charts.copy(target->runner->playbook(), target->runner->state(), target->runner->log(),
                            target->runner->judge(), m_now.boot);
}

void EngineCore::publish()
{
    renewCharts();
    auto snapshot = std::make_shared<Snapshot>();
    snapshot->number = ++m_snapshotNumber;
    snapshot->now = m_now;
    snapshot->engine = status();
    for (const auto& [name, feed] : m_feeds)
        snapshot->sources.push_back(feed->status(m_now));
    for (const auto& [id, target] : m_targets) {
        TargetView view{.id = id,
                        .service = target->config->service,
                        .environment = target->config->environment,
                        .stableVersion = target->stableVersion,
                        .live = {},
                        .stop = stopView(target->stop),
                        .lab = target->config->lab,
                        .playbook = target->config->playbook,
                        .sparkline = {}};
        for (const rollout::ProxyFact& proxy : target->tracker.world(m_now).proxies)
            snapshot->sources.push_back(routerStatus(proxy, target->tracker.hasAnswered(proxy.name)));
        if (isShown(*target)) {
            snapshot->rollouts.push_back(makeView(*target));
            view.live = target->live() ? std::optional(target->runner->state().id) : std::nullopt;
            view.sparkline = target->charts.sparkline();
        }
        snapshot->targets.push_back(std::move(view));
    }
    if (m_driving) snapshot->sources.push_back(journalStatus(m_now.boot - m_lastRenewed, m_rereadProblem));
    std::shared_ptr<const Snapshot> picture = snapshot;
    if (m_driving)
        storeSamples(*snapshot);
    else if (!m_parts.drive || !m_otherDriver.empty())
        picture = observed(std::move(snapshot));
    {
        const std::scoped_lock lock(m_latestMutex);
        m_latest = picture;
    }
    if (m_published) m_published(picture);
}

std::shared_ptr<const Snapshot> EngineCore::observed(std::shared_ptr<Snapshot> own)
{
    // The driver's own picture, grown older since; an observer never judges.
    if (m_parts.samples == nullptr) return own;
    if (m_now.boot >= m_nextStore) {
        m_nextStore = m_now.boot + kPollEvery;
        const auto live = m_parts.samples->live();
        if (live.ok() && live.value()) {
            auto decoded = decodeSnapshot(live.value()->snapshot, m_observedPlaybooks);
            if (decoded.ok()) m_observed = std::make_shared<Snapshot>(std::move(decoded).value());
        }
        if (m_observed) observeCharts(*m_observed);
    }
    if (!m_observed) return own;
    auto picture = std::make_shared<Snapshot>(*m_observed);
    const Duration age = std::max(Duration(0), m_now.wall - m_observed->now.wall);
    picture->number = own->number;
    picture->now = m_now; // ages go on, whatever the driver does
    picture->engine.role = EngineStatus::Role::Observer;
    picture->engine.renewedAgo = age;
    if (age > kSelfStop) picture->engine.problem = "Nobody drives; this picture is old.";
    picture->engine.rollbackCheckedAgo += age;
    for (SourceStatus& source : picture->sources) {
        source.age += age;
        // Nobody has looked at them for as long.
        const bool asked = source.state != SourceStatus::State::Never && source.state != SourceStatus::State::Idle;
        if (age > kSelfStop && asked) source.state = SourceStatus::State::Gone;
    }
    for (auto& view : picture->rollouts)
        view = aged(*view, age);
    // Stops are files that every engine here sees; who drives may hang and not know of the newest one.
    if (m_parts.safety == nullptr) return picture;
    for (TargetView& target : picture->targets)
        if (const auto known = m_targets.find(target.id); known != m_targets.end())
            target.stop = stopView(known->second->stop);
    return picture;
}

void EngineCore::observeCharts(Snapshot& snapshot)
{
    for (auto& view : snapshot.rollouts) {
        if (!view->playbook) continue;
        const int64_t to = micros(snapshot.now.wall) + 1;
        const int64_t from = std::max(micros(view->state.startedAt - view->playbook->before), to - 3600 * kMillion);
        auto copy = std::make_shared<RolloutView>(*view);
        copy->charts = storedCharts(*view->playbook, view->state, view->log, *m_parts.samples, from, to);
        view = std::move(copy);
    }
}

void EngineCore::storeSamples(const Snapshot& snapshot)
{
    if (m_parts.samples == nullptr || m_now.boot < m_nextStore) return;
    m_nextStore = m_now.boot + kPollEvery;
    std::map<int64_t, std::vector<ports::SampleColumn>> seconds;
    std::vector<std::pair<int64_t*, int64_t>> reached;
    for (const auto& [id, target] : m_targets) {
        if (!target->live()) continue;
        const auto& metrics = target->runner->playbook().metrics;
        if (target->storedOf != target->runner->state().id) {
            target->storedOf = target->runner->state().id;
            target->storedToUs.assign(metrics.size() * 2, m_storedToUs - kScrapeSpreadUs);
        }
        auto storedTo = target->storedToUs.begin();
        for (const Metric& metric : metrics) {
            for (const Track track : {Track::Stable, Track::Canary}) {
                const auto& points = target->runner->judge().history(metric.id, track);
                for (auto point = points.rbegin(); point != points.rend() && point->atUs > *storedTo; ++point)
                    seconds[point->atUs].push_back({sampleSeries(id, metric.id, track), point->value});
                if (!points.empty()) reached.emplace_back(&*storedTo, points.back().atUs);
                ++storedTo;
            }
        }
    }
    for (const auto& [at, columns] : seconds)
        if (!m_parts.samples->put(at, columns).ok()) return;
    for (const auto& [storedTo, at] : reached)
        *storedTo = std::max(*storedTo, at);
    if (!seconds.empty()) m_storedToUs = std::max(m_storedToUs, seconds.rbegin()->first);
    if (!m_parts.shareLive) return;
    // A lost live picture is shown as an old one by observers; nothing is decided from it.
    (void)m_parts.samples->putLive(encodeSnapshot(snapshot), m_now.wall);
}

} // namespace sluice::engine
