// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/adapters/emergency.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "core/adapters/haproxy_loop.h"
#include "core/adapters/safe_file.h"
#include "core/adapters/system_clock.h"

namespace sluice::adapters {

namespace {

using State = rollout::ProxyFact::State;

/// What a person sends by hand; to a proxy that nobody ever reached, a line that asks for the names and uses them.
std::string byHand(const SafeFile::Proxy& proxy)
{
    if (!proxy.commands.empty()) return manualCommand(proxy.config.address, proxy.commands);
    return manualSafeCommand(proxy.config);
}

/// One emergency over all proxies of a file.
class Emergency {
public:
    Emergency(const SafeFile& file, const SystemClock& clock)
        : m_clock(clock)
        , m_start(clock.now().boot)
        , m_loop(clock)
    {
        m_report.target = file.target;
        m_report.fencingEpoch = file.epoch + 1;
        m_report.proxies.resize(file.proxies.size());
        for (size_t i = 0; i < file.proxies.size(); ++i)
            add(file, i);
        for (const auto& driver : m_loop.drivers())
            driver->order(order());
    }

    EmergencyReport run(Duration deadline)
    {
        const BootTime until = m_start + deadline;
        while (!m_report.allVerified() && m_clock.now().boot < until) {
            m_loop.step(-1, until);
            raiseFence();
        }
        m_report.took = m_clock.now().boot - m_start;
        for (EmergencyProxy& proxy : m_report.proxies)
            finish(proxy);
        return m_report;
    }

private:
    ports::RouteOrder order() const
    {
        return {.target = m_report.target, .epoch = m_report.fencingEpoch, .generation = 1, .safe = true};
    }

    void add(const SafeFile& file, size_t index)
    {
        const SafeFile::Proxy& proxy = file.proxies[index];
        EmergencyProxy& report = m_report.proxies[index];
        report.name = proxy.name;
        report.address = proxy.config.address;
        report.manualCommand = byHand(proxy);
        RouterBinding binding{.target = file.target, .name = proxy.name, .config = proxy.config};
        HaproxyDriver& driver = m_loop.add(
            std::move(binding),
            [this, index](const rollout::ProxyFact& fact) {
                take(m_report.proxies[index], fact);
                return true;
            },
            [this](const ProxyKnowledge& knowledge) { m_highest = std::max(m_highest, knowledge.highestEpoch); });
        // The lines of the file leave before anything is answered; the first of them is the fence.
        driver.setFirstLines(proxy.maps, proxy.commands);
    }

    void take(EmergencyProxy& proxy, const rollout::ProxyFact& fact)
    {
        const bool before = proxy.verified;
        proxy.verified = fact.state == State::Verified && fact.limit == Weight::none() && fact.canaryMaint;
        proxy.refused = fact.state == State::Refused;
        proxy.problem = proxy.verified ? "" : fact.detail;
        // It is looked at again each second until the last one is verified.
        if (proxy.verified && !before) proxy.took = m_clock.now().boot - m_start;
    }

    /// Somebody drives under a higher epoch than the file knew: go above it, at all proxies.
    void raiseFence()
    {
        if (m_highest <= m_report.fencingEpoch) return;
        m_report.fencingEpoch = m_highest + 1;
        for (EmergencyProxy& proxy : m_report.proxies)
            proxy.verified = false;
        for (const auto& driver : m_loop.drivers())
            driver->order(order());
    }

    void finish(EmergencyProxy& proxy) const
    {
        if (proxy.verified) {
            proxy.manualCommand.clear();
            return;
        }
        proxy.took = m_report.took;
        if (proxy.problem.empty())
            proxy.problem =
                fmt::format("no answer within {:.1f} s", std::chrono::duration<double>(m_report.took).count());
    }

    const SystemClock& m_clock;
    const BootTime m_start;
    EmergencyReport m_report{};
    int64_t m_highest{0};
    HaproxyLoop m_loop;
};

} // namespace

bool EmergencyReport::allVerified() const
{
    return std::ranges::all_of(proxies, &EmergencyProxy::verified);
}

Result<EmergencyReport> sendSafeState(const std::string& safeFileJson, Duration deadline)
{
    const auto file = readSafeFile(safeFileJson);
    if (!file) return file.error();
    const SystemClock clock;
    return Emergency(file.value(), clock).run(deadline);
}

} // namespace sluice::adapters
