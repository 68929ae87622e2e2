// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/journal/spool.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/sha256.h"
#include "core/journal/file_tools.h"

namespace sluice::journal {

namespace {

using nlohmann::json;

constexpr size_t kRecordBytes = 1U << 20;
constexpr std::string_view kEnding = ".json";

std::string problemOf(const std::string& text, std::string& record)
{
    try {
        const json value = json::parse(text);
        record = value.at("record").get<std::string>();
        if (value.at("sha256").get<std::string>() == sha256Hex(record)) return {};
        return "its content does not fit its SHA-256";
    } catch (const json::exception&) {
        return "it is not a whole record";
    }
}

} // namespace

Spool::Spool(std::string folder)
    : m_folder(std::move(folder) + "/spool")
{
}

std::string Spool::pathOf(int64_t number) const
{
    return fmt::format("{}/{}{}", m_folder, number, kEnding);
}

std::vector<int64_t> Spool::numbers() const
{
    constexpr size_t kNames = 100'000;
    std::vector<int64_t> found;
    for (const auto& name : filesIn(m_folder, kEnding, kNames)) {
        int64_t number = 0;
        const char* end = name.data() + name.size() - kEnding.size();
        const auto parsed = std::from_chars(name.data(), end, number);
        if (parsed.ec == std::errc{} && parsed.ptr == end && number > 0) found.push_back(number);
    }
    std::ranges::sort(found);
    return found;
}

Result<int64_t> Spool::add(const std::string& record)
{
    constexpr int kTries = 100; // each lost to another process that spools just now
    if (record.size() > kRecordBytes) {
        return Error{Fault::BadInput, fmt::format("A spool record of {} bytes is too large; the limit is {}.",
                                                  record.size(), kRecordBytes)};
    }
    std::string text;
    try {
        text = json{{"record", record}, {"sha256", sha256Hex(record)}}.dump();
    } catch (const json::exception&) {
        return Error{Fault::BadInput, "A spool record is not valid UTF-8."};
    }
    if (const auto folder = ensureFolder(m_folder); !folder) return folder.error();
    const auto used = numbers();
    int64_t number = used.empty() ? 1 : used.back() + 1;
    for (int i = 0; i < kTries; ++i, ++number) {
        const auto created = createWholeFile(pathOf(number), text);
        if (!created) return created.error();
        if (created.value()) return number;
    }
    return Error{Fault::Unreachable, fmt::format("No free number was found in {}.", m_folder)};
}

SpoolRecord Spool::read(int64_t number) const
{
    constexpr size_t kFileBytes = 8 * kRecordBytes; // escaped as JSON
    SpoolRecord found{.number = number};
    const auto text = readSmallFile(pathOf(number), kFileBytes);
    if (!text) {
        found.problem = text.error().detail;
    } else if (text.value()) {
        found.problem = problemOf(*text.value(), found.record);
    } else {
        found.problem = "it was removed just now";
    }
    return found;
}

Result<std::vector<SpoolRecord>> Spool::list() const
{
    std::vector<SpoolRecord> records;
    for (const int64_t number : numbers()) {
        if (records.size() == kSpoolRead) break;
        records.push_back(read(number));
    }
    return records;
}

Result<Done> Spool::remove(int64_t number)
{
    const auto removed = removeFile(pathOf(number));
    if (!removed) return removed.error();
    return Done{};
}

} // namespace sluice::journal
