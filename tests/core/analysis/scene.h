// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <string>

#include "tests/core/analysis/source.h"

namespace sluice::analysis::test {

/// A stable and a canary instance under a load that the test changes, polled once a second as the engine does:
/// each answer covers the last three intervals.
class Scene {
public:
    explicit Scene(Playbook book, Duration interval = std::chrono::seconds(1));

    /// What happens on the instances in each second before the scrape.
    std::function<void(Scene&)> load = [](Scene& scene) { scene.traffic(90, 10); };

    /// 90 to stable and 10 to the canary, `errors` of the latter failing.
    void traffic(double toStable, double toCanary, double errors = 0);
    void run(int64_t seconds);
    /// Seconds that pass without any answer of the source.
    void silence(int64_t seconds);
    /// Exposure from the next second on.
    void expose(int stage, Weight weight);
    void unexpose() { context.stage = -1; }

    const Assessment& seen() const { return judge.latest(); }
    const TriggerStatus& trigger(size_t index = 0) const { return judge.latest().triggers.at(index); }
    const Reading& reading(const std::string& metric) const { return *judge.latest().reading(metric); }
    /// Runs on until the trigger fires; returns how many seconds that took, or -1 after `atMost`.
    int64_t secondsUntilFiring(int64_t atMost, size_t index = 0);

    Playbook playbook;
    Judge judge;
    SeriesStore store{};
    Instance stable{"s1", Track::Stable};
    Instance canary{"c1", Track::Canary};
    JudgeContext context{};
    int64_t second{0}; ///< the next one
    bool polled{true}; ///< false: the source answers nothing

private:
    Duration m_interval;
};

/// A playbook of these metrics with one trigger.
Playbook watching(std::vector<Metric> metrics, Condition when, Duration hold = Duration(0), int checks = 0);

} // namespace sluice::analysis::test
