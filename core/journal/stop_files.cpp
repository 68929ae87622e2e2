// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/journal/stop_files.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include "core/journal/ballast.h"
#include "core/journal/file_tools.h"
#include "core/journal/sqlite_journal.h"

namespace sluice::journal {

namespace {

using nlohmann::json;
using ports::StopRecord;

constexpr size_t kSafeBytes = 4U << 20;   // requests for some hundred proxies
constexpr size_t kStopBytes = 256U << 10; // a person's reason
constexpr std::string_view kEnding = ".json";

std::string lossy(const json& value)
{
    return value.dump(-1, ' ', false, json::error_handler_t::replace); // a stop is never refused for its spelling
}

std::string textOf(const StopRecord& record)
{
    json value{{"at", micros(record.at)}, {"epoch", record.epoch},   {"person", record.person.value},
               {"proof", record.proof},   {"reason", record.reason}, {"target", record.target.value}};
    if (record.zeroAfter) value["zero_after"] = record.zeroAfter->count();
    return lossy(value);
}

std::optional<StopRecord> recordOf(const std::string& text)
{
    try {
        const json value = json::parse(text);
        const auto zero = value.find("zero_after");
        return StopRecord{.target = TargetId(value.at("target").get<std::string>()),
                          .person = PersonId(value.at("person").get<std::string>()),
                          .proof = value.at("proof").get<std::string>(),
                          .reason = value.at("reason").get<std::string>(),
                          .at = wallTime(value.at("at").get<int64_t>()),
                          .epoch = value.at("epoch").get<int64_t>(),
                          .zeroAfter =
                              zero == value.end() ? std::nullopt : std::optional(Duration(zero->get<int64_t>()))};
    } catch (const json::exception&) {
        return std::nullopt;
    }
}

} // namespace

StopFiles::StopFiles(std::string folder)
    : m_folder(std::move(folder))
{
}

std::string StopFiles::stopPath(const TargetId& target) const
{
    return fmt::format("{}/stop/{}{}", m_folder, safeFileName(target.value), kEnding);
}

std::string StopFiles::safePath(const TargetId& target) const
{
    return fmt::format("{}/safe/{}{}", m_folder, safeFileName(target.value), kEnding);
}

Outcome StopFiles::writeSafe(const TargetId& target, const std::string& content)
{
    if (content.size() > kSafeBytes) {
        return Error{Fault::BadInput, fmt::format("The safe requests of {} have {} bytes; the limit is {}.",
                                                  target.value, content.size(), kSafeBytes)};
    }
    // The others too: an emergency on a full disk must not need a new folder.
    for (const char* name : {"safe", "stop"}) {
        if (const auto made = ensureFolder(fmt::format("{}/{}", m_folder, name)); !made) return made;
    }
    return replaceFile(safePath(target), content);
}

Result<std::optional<std::string>> StopFiles::readSafe(const TargetId& target) const
{
    return readSmallFile(safePath(target), kSafeBytes);
}

bool StopFiles::isStopped(const TargetId& target) const
{
    struct stat info {};
    if (::stat(stopPath(target).c_str(), &info) == 0) return true;
    return errno != ENOENT;
}

std::optional<StopRecord> StopFiles::stopped(const TargetId& target)
{
    if (!isStopped(target)) return std::nullopt;
    return readStop(stopPath(target), target);
}

StopRecord StopFiles::readStop(const std::string& path, const TargetId& target) const
{
    const auto text = readSmallFile(path, kStopBytes);
    if (text && text.value()) {
        if (auto record = recordOf(*text.value())) return *std::move(record);
    }
    const std::string why = text ? "it is not a whole record" : text.error().detail;
    return {.target = target, .reason = fmt::format("{} is in force, though unreadable: {}", path, why)};
}

Outcome StopFiles::createStop(const StopRecord& record)
{
    const auto folder = ensureFolder(fmt::format("{}/stop", m_folder));
    const std::string path = stopPath(record.target);
    auto created = createWholeFile(path, textOf(record));
    // On a full disk who fired and why is worth the reserve: what is left of it stores the rollback.
    if (!created && dropBallastIn(m_folder)) created = createWholeFile(path, textOf(record));
    if (created) return Done{};
    // Not even an empty name beside it could be written, or its content did not fit: the bare name is enough.
    if (createEmptyFile(path) || isStopped(record.target)) return Done{};
    return folder ? Outcome(created.error()) : folder;
}

Outcome StopFiles::explainStop(const StopRecord& record)
{
    if (!isStopped(record.target))
        return Error{Fault::Refused, fmt::format("No stop is in force on {}.", record.target.value)};
    return replaceFile(stopPath(record.target), textOf(record));
}

Outcome StopFiles::clearStop(const TargetId& target)
{
    const auto removed = removeFile(stopPath(target));
    if (!removed) return removed.error();
    return Done{};
}

bool StopFiles::freeSpaceOk()
{
    return SqliteJournal::freeSpaceOk(m_folder).ok();
}

} // namespace sluice::journal
