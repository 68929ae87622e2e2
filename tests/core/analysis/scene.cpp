// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/analysis/scene.h"

#include <utility>

namespace sluice::analysis::test {

Scene::Scene(Playbook book, Duration interval)
    : playbook(std::move(book))
    , judge(playbook, {})
    , m_interval(interval)
{
}

void Scene::traffic(double toStable, double toCanary, double errors)
{
    stable.count("requests", "code=200", toStable);
    canary.count("requests", "code=200", toCanary - errors);
    if (errors > 0) canary.count("requests", "code=500", errors);
}

void Scene::run(int64_t seconds)
{
    const int64_t every = std::chrono::duration_cast<std::chrono::seconds>(m_interval).count();
    for (int64_t i = 0; i < seconds; ++i, ++second) {
        load(*this);
        if (second % every == 0) {
            stable.scrape(second);
            canary.scrape(second);
        }
        RawBatch batch =
            batchOf({&stable, &canary}, (kStart + second + 1 - 3 * every) * 1000, (kStart + second + 1) * 1000);
        batch.interval = m_interval;
        if (polled) store.add(batch);
        judge.advance(store, context, {.wall = at(second) + std::chrono::milliseconds(300)});
    }
}

void Scene::silence(int64_t seconds)
{
    polled = false;
    for (int64_t i = 0; i < seconds; ++i, ++second)
        judge.advance(store, context, {.wall = at(second) + std::chrono::milliseconds(300)});
    polled = true;
}

void Scene::expose(int stage, Weight weight)
{
    context.stage = stage;
    context.weight = weight;
    context.appliedAt = at(second);
}

int64_t Scene::secondsUntilFiring(int64_t atMost, size_t index)
{
    for (int64_t i = 1; i <= atMost; ++i) {
        run(1);
        if (trigger(index).state == TriggerState::Firing) return i;
    }
    return -1;
}

Playbook watching(std::vector<Metric> metrics, Condition when, Duration hold, int checks)
{
    Playbook book;
    book.metrics = std::move(metrics);
    book.before = std::chrono::seconds(30);
    const std::string id = when.metric + "-1";
    book.triggers = {{.id = id, .when = std::move(when), .hold = hold, .checks = checks}};
    return book;
}

} // namespace sluice::analysis::test
