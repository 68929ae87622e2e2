// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/composition/emergency_path.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/composition/milliseconds.h"
#include "core/adapters/safe_file.h"
#include "core/journal/stop_files.h"

namespace sluice::app {

namespace {

constexpr size_t kMostReason = 2000; ///< of all who fired on one target

std::string millisecondsText(Duration d)
{
    return fmt::format("{} ms", milliseconds(d));
}

/// A part of a sentence, whoever wrote it.
std::string withoutStop(std::string text)
{
    while (!text.empty() && text.back() == '.')
        text.pop_back();
    return text;
}

/// One sentence per emergency: what is verified, what is left and how a person finishes it.
std::string reportText(const adapters::EmergencyReport& report)
{
    const auto verified = std::ranges::count(report.proxies, true, &adapters::EmergencyProxy::verified);
    std::string text = fmt::format("{}: {} of {} proxies verified at zero in {}.", report.target.value, verified,
                                   report.proxies.size(), millisecondsText(report.took));
    for (const adapters::EmergencyProxy& proxy : report.proxies)
        if (!proxy.verified)
            text += fmt::format("\n{} is not verified: {} ({}). By hand:\n  {}", proxy.name, withoutStop(proxy.problem),
                                proxy.address, proxy.manualCommand);
    return text;
}

/// Who drives next has only its own late look: the proof goes with the stop. Not into somebody else's, which was in
/// force before; a proof that cannot be kept costs the record a better number and nothing else.
void noteZero(journal::StopFiles& files, const ports::StopRecord& stop, Duration took)
{
    auto inForce = files.stopped(stop.target);
    if (!inForce || inForce->at != stop.at || inForce->person != stop.person) return;
    inForce->zeroAfter = took;
    (void)files.explainStop(*inForce);
}

/// Fired again while a stop is in force, the reason is what is new. False when it could not be kept.
bool addReason(journal::StopFiles& files, const ports::StopRecord& stop)
{
    auto inForce = files.stopped(stop.target);
    if (!inForce || stop.reason.empty() || inForce->reason.find(stop.reason) != std::string::npos) return true;
    const bool same = inForce->person == stop.person;
    const std::string added = same ? stop.reason : stop.person.value + ": " + stop.reason;
    if (inForce->reason.size() + added.size() > kMostReason) return false;
    inForce->reason += (inForce->reason.empty() ? "" : "; ") + added;
    return files.explainStop(*inForce).ok();
}

} // namespace

EmergencyPath::EmergencyPath(std::string folder, const Connections& connections)
    : m_folder(std::move(folder))
    , m_connections(connections)
{
}

Result<std::string> EmergencyPath::namedSafeFile(const TargetId& id) const
{
    const TargetConfig* target = m_connections.target(id);
    if (target == nullptr) return Error{Fault::BadInput, "There is no target '" + id.value + "'."};
    adapters::SafeFile file{.target = id};
    for (const std::string& router : target->routers)
        file.proxies.push_back({.name = router, .config = m_connections.routers.at(router)});
    return adapters::writeSafeFile(file);
}

Result<EmergencyAnswer> EmergencyPath::send(const TargetId& target, const ports::StopRecord& record, Duration deadline)
{
    journal::StopFiles files(m_folder);
    const auto safe = files.readSafe(target);
    if (!safe.ok()) return safe.error();
    ports::StopRecord stop = record;
    // The stop comes first: a driver that wakes between the two must not raise again. When it cannot be written the
    // traffic goes to safety all the same; the missing stop is told.
    const Outcome stopped = files.createStop(stop);
    const auto wanted = safe.value() ? Result<std::string>(*safe.value()) : namedSafeFile(target);
    if (!wanted.ok()) return wanted.error();
    auto report = adapters::sendSafeState(wanted.value(), deadline);
    if (!report.ok()) return report.error();
    EmergencyAnswer answer{.report = std::move(report).value(), .stopWritten = stopped.ok()};
    const bool verified = answer.report.allVerified();
    if (verified) noteZero(files, stop, answer.report.took);
    answer.text = reportText(answer.report);
    if (!safe.value())
        answer.text += "\nNo safe file lies in " + m_folder + ": the proxies of the connections file were asked.";
    if (!stopped.ok()) answer.text += "\nThe stop could not be written: " + stopped.error().detail;
    if (stopped.ok() && !addReason(files, stop))
        answer.text += "\nA stop was in force already, and your reason could not be added to it.";
    answer.complete = verified && stopped.ok();
    return answer;
}

Result<std::string> EmergencyPath::fire(const TargetId& target, const ports::StopRecord& record, Duration deadline)
{
    auto answer = send(target, record, deadline);
    if (!answer.ok()) return answer.error();
    if (answer.value().complete) return std::move(answer.value().text);
    return Error{Fault::Unreachable, std::move(answer.value().text)};
}

} // namespace sluice::app
