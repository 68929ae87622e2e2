// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/composition/emergency_path.h"

#include <algorithm>
#include <atomic>
#include <optional>
#include <thread>

#include <fmt/format.h>

#include "app/composition/milliseconds.h"
#include "core/adapters/safe_file.h"
#include "core/journal/stop_files.h"

namespace sluice::app {

namespace {

constexpr size_t kMostReason = 2000; ///< of all who fired on one target
constexpr size_t kAtOnce = 32;       ///< targets; a worker mostly waits for proxies

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

/// What the stop in force is to say besides: the proof, of one that this emergency made (who drives next has only its
/// own late look); the reason, of one that was in force before. A proof that cannot be kept costs the record a better
/// number and nothing else; false when a reason cannot be kept.
bool amendStop(journal::StopFiles& files, const ports::StopRecord& stop, std::optional<Duration> zeroAfter)
{
    auto inForce = files.stopped(stop.target);
    if (!inForce) return true;
    if (inForce->at == stop.at && inForce->person == stop.person) {
        inForce->zeroAfter = zeroAfter;
        if (zeroAfter) (void)files.explainStop(*inForce);
        return true;
    }
    if (stop.reason.empty() || inForce->reason.find(stop.reason) != std::string::npos) return true;
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

Result<EmergencyAnswer> EmergencyPath::sendOne(const ports::StopRecord& stop, Duration deadline) const
{
    journal::StopFiles files(m_folder);
    const auto safe = files.readSafe(stop.target);
    if (!safe.ok()) return safe.error();
    // The stop comes first: a driver that wakes between the two must not raise again. When it cannot be written the
    // traffic goes to safety all the same; the missing stop is told.
    const Outcome stopped = files.createStop(stop);
    const auto wanted = safe.value() ? Result<std::string>(*safe.value()) : namedSafeFile(stop.target);
    if (!wanted.ok()) return wanted.error();
    auto report = adapters::sendSafeState(wanted.value(), deadline);
    if (!report.ok()) return report.error();
    EmergencyAnswer answer{.report = std::move(report).value(), .stopWritten = stopped.ok()};
    const bool verified = answer.report.allVerified();
    const bool kept = amendStop(files, stop, verified ? std::optional(answer.report.took) : std::nullopt);
    answer.text = reportText(answer.report);
    if (!safe.value())
        answer.text += "\nNo safe file lies in " + m_folder + ": the proxies of the connections file were asked.";
    if (!stopped.ok()) answer.text += "\nThe stop could not be written: " + stopped.error().detail;
    if (stopped.ok() && !kept)
        answer.text += "\nA stop was in force already, and your reason could not be added to it.";
    answer.complete = verified && stopped.ok();
    return answer;
}

std::vector<Result<EmergencyAnswer>> EmergencyPath::send(const std::vector<ports::StopRecord>& stops,
                                                         Duration deadline) const
{
    // A target whose proxies do not answer holds its worker until the deadline, and delays no other.
    std::vector<Result<EmergencyAnswer>> answers(stops.size(), Error{Fault::Internal, "Nothing was sent."});
    std::atomic<size_t> next{0};
    const auto work = [&] {
        for (size_t i = next++; i < stops.size(); i = next++)
            answers[i] = sendOne(stops[i], deadline);
    };
    std::vector<std::jthread> helpers;
    while (helpers.size() + 1 < std::min(stops.size(), kAtOnce))
        helpers.emplace_back(work);
    work();
    helpers.clear(); // waits for them
    return answers;
}

std::vector<Result<std::string>> EmergencyPath::fire(const std::vector<ports::StopRecord>& stops, Duration deadline)
{
    std::vector<Result<std::string>> told;
    for (const Result<EmergencyAnswer>& answer : send(stops, deadline)) {
        if (!answer.ok())
            told.emplace_back(answer.error());
        else if (answer.value().complete)
            told.emplace_back(answer.value().text);
        else
            told.emplace_back(Error{Fault::Unreachable, answer.value().text});
    }
    return told;
}

} // namespace sluice::app
