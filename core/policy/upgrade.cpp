// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/policy/upgrade.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sluice::policy {

namespace {

/// One look at one upgrade.
class Upgrade {
public:
    Upgrade(const VersionRegistry& registry, const SemVer& from, const SemVer& to, Coexistence coexistence)
        : m_registry(registry)
        , m_together(coexistence == Coexistence::Together)
        , m_up(from < to)
    {
        m_check.from = from;
        m_check.to = to;
    }

    UpgradeCheck run()
    {
        if (!bothKnown()) return std::move(m_check);
        findPath();
        checkPairs();
        checkSkipped();
        checkServices(m_registry.service, m_registry.find(m_check.to)->needs);
        checkNeedsOfUs();
        checkDatabase();
        listChanges();
        listSteps();
        return std::move(m_check);
    }

private:
    void error(std::string text) { m_check.errors.push_back(std::move(text)); }
    void warn(std::string text) { m_check.warnings.push_back(std::move(text)); }

    bool bothKnown()
    {
        std::vector<std::string> known;
        for (const VersionInfo& one : m_registry.versions)
            known.push_back(one.version.text());
        for (const SemVer& version : {m_check.from, m_check.to})
            if (m_registry.find(version) == nullptr)
                error(fmt::format("{} {} is not among its versions: {}", m_registry.service, version.text(),
                                  fmt::join(known, ", ")));
        if (m_check.from == m_check.to) error(fmt::format("{} runs already", m_check.to.text()));
        return m_check.errors.empty();
    }

    /// What is gone over: upwards each version above `from`, downwards each one that is taken back. Versions that were
    /// never released count only where they are the ends.
    void findPath()
    {
        const SemVer& low = m_up ? m_check.from : m_check.to;
        const SemVer& high = m_up ? m_check.to : m_check.from;
        for (const VersionInfo& one : m_registry.versions)
            if (one.version > low && one.version <= high && (one.version.pre.empty() || one.version == high))
                m_over.push_back(&one);
        for (const VersionInfo* one : m_over)
            m_check.path.push_back(one->version);
        if (m_up) return;
        std::ranges::reverse(m_over);
        m_check.path.assign(1, m_check.to);
    }

    void checkPairs()
    {
        for (const Incompatible& pair : m_registry.incompatible) {
            if (pair.from.holds(m_check.from) && pair.to.holds(m_check.to))
                error(fmt::format("{} to {} is ruled out: {}", m_check.from.text(), m_check.to.text(), pair.because));
            else if (m_together && pair.from.holds(m_check.to) && pair.to.holds(m_check.from))
                error(fmt::format("{} beside {} is ruled out while both run: {}", m_check.to.text(),
                                  m_check.from.text(), pair.because));
        }
    }

    void checkSkipped()
    {
        if (!m_up) return;
        for (const VersionInfo* one : m_over)
            if (one->mustRun && one->version < m_check.to)
                error(fmt::format("{} must run before {}: release it first", one->version.text(), m_check.to.text()));
    }

    void checkServices(const std::string& who, const std::map<std::string, VersionRange>& needs)
    {
        for (const auto& [name, range] : needs) {
            if (name == m_registry.service) continue; // see checkNeedsOfUs()
            const auto found = m_registry.services.find(name);
            if (found == m_registry.services.end()) {
                error(fmt::format("{} needs {} {}, and nobody says which version of it runs", who, name, range.text));
                continue;
            }
            const ServiceInfo& service = found->second;
            if (!range.holds(service.version))
                error(fmt::format("{} needs {} {}, and {} runs", who, name, range.text, service.version.text()));
            if (m_seen.insert(name).second) checkServices(name, service.needs);
        }
    }

    /// Other services that need the one that is released.
    void checkNeedsOfUs()
    {
        for (const auto& [name, service] : m_registry.services) {
            const auto range = service.needs.find(m_registry.service);
            if (range != service.needs.end() && !range->second.holds(m_check.to))
                error(fmt::format("{} needs {} {}, and {} would run", name, m_registry.service, range->second.text,
                                  m_check.to.text()));
        }
    }

    static bool reads(const VersionInfo& version, const std::string& column)
    {
        return std::ranges::find(version.reads, column) != version.reads.end();
    }

    /// Who still reads what is dropped: upwards what runs and what is to run, downwards what is to run.
    void checkDrops(const VersionInfo& dropping)
    {
        for (const std::string& column : dropping.drops) {
            const VersionInfo& runs = *m_registry.find(m_up ? m_check.from : m_check.to);
            if (reads(runs, column))
                error(m_up ? fmt::format("{} drops {} while {} still reads it: release a version that does not first",
                                         dropping.version.text(), column, runs.version.text())
                           : fmt::format("there is no way back to {}: {} dropped {}, which it reads",
                                         runs.version.text(), dropping.version.text(), column));
            if (!m_up) continue;
            if (reads(*m_registry.find(m_check.to), column))
                error(fmt::format("{} reads {}, which {} drops", m_check.to.text(), column, dropping.version.text()));
            for (const VersionInfo& one : m_registry.versions)
                if (one.version < m_check.from && reads(one, column))
                    warn(
                        fmt::format("after it there is no way back to {}, which reads {}", one.version.text(), column));
        }
    }

    void checkDatabase()
    {
        for (const VersionInfo* one : m_over) {
            if (m_up && one->migration == MigrationKind::Breaking)
                error(fmt::format("{} changes or removes what runs beside it: split its migration in two phases",
                                  one->version.text()));
            if (one->migration == MigrationKind::Unknown)
                warn(fmt::format("nobody said whether the migration of {} is compatible", one->version.text()));
            checkDrops(*one);
        }
    }

    void listChanges()
    {
        if (!m_up) return;
        for (const VersionInfo* one : m_over) {
            for (const std::string& text : one->breaking)
                m_check.breaking.push_back(fmt::format("{}: {}", one->version.text(), text));
            for (const std::string& text : one->deprecated)
                m_check.deprecated.push_back(fmt::format("{}: {}", one->version.text(), text));
        }
    }

    static bool migrates(const VersionInfo* one)
    {
        const bool named = one->migration != MigrationKind::None && one->migration != MigrationKind::Unknown;
        return named || !one->drops.empty();
    }

    /// Expand first, drop last: what older code reads goes only after the new code serves everybody.
    void listSteps()
    {
        auto& steps = m_check.steps;
        if (std::ranges::any_of(m_over, migrates)) steps.emplace_back("Back up the database");
        if (!m_up) {
            for (const VersionInfo* one : m_over)
                if (migrates(one) && one->drops.empty())
                    steps.push_back(fmt::format("Take back the migration of {}", one->version.text()));
            steps.insert(steps.begin(), fmt::format("Release {}", m_check.to.text()));
            return;
        }
        for (const VersionInfo* one : m_over) {
            steps.insert(steps.end(), one->before.begin(), one->before.end());
            if (migrates(one) && one->drops.empty())
                steps.push_back(fmt::format("Migrate the database to {}", one->version.text()));
        }
        steps.push_back(fmt::format("Release {}", m_check.to.text()));
        for (const VersionInfo* one : m_over) {
            if (!one->drops.empty())
                steps.push_back(
                    fmt::format("Drop {} when no older instance runs any more", fmt::join(one->drops, ", ")));
            steps.insert(steps.end(), one->after.begin(), one->after.end());
        }
    }

    const VersionRegistry& m_registry;
    const bool m_together;
    const bool m_up;
    UpgradeCheck m_check{};
    std::vector<const VersionInfo*> m_over{};
    std::set<std::string> m_seen{}; ///< services looked at: they may need one another
};

} // namespace

UpgradeCheck checkUpgrade(const VersionRegistry& registry, const SemVer& from, const SemVer& to,
                          Coexistence coexistence)
{
    return Upgrade(registry, from, to, coexistence).run();
}

} // namespace sluice::policy
