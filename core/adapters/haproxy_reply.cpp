// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/adapters/haproxy_reply.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "core/adapters/plain_text.h"

namespace sluice::adapters {

namespace {

constexpr std::string_view kPrompt = "\n> ";

std::optional<int64_t> toInteger(std::string_view text)
{
    int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::vector<std::string_view> split(std::string_view text, char separator)
{
    std::vector<std::string_view> out;
    while (true) {
        const size_t at = text.find(separator);
        out.push_back(text.substr(0, at));
        if (at == std::string_view::npos) return out;
        text.remove_prefix(at + 1);
    }
}

/// One CSV line with HAProxy's quoting: `"` doubled, and only where needed.
std::vector<std::string> splitCsv(std::string_view line)
{
    std::vector<std::string> out(1);
    bool quoted = false;
    for (size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"') {
            out.back() += '"';
            ++i;
        } else if (c == '"') {
            quoted = !quoted;
        } else if (c == ',' && !quoted) {
            out.emplace_back();
        } else {
            out.back() += c;
        }
    }
    return out;
}

Error unexpected(std::string_view command, std::string_view reply)
{
    return {Fault::Refused, "HAProxy answered “" + replyText(reply) + "” to " + std::string(command) + "."};
}

/// Position of each wanted column in a header that starts with "# ".
template <size_t N>
std::optional<std::array<size_t, N>> columns(const std::vector<std::string>& header,
                                             const std::array<std::string_view, N>& wanted)
{
    std::array<size_t, N> at{};
    for (size_t i = 0; i < N; ++i) {
        const auto found = std::find(header.begin(), header.end(), wanted[i]);
        if (found == header.end()) return std::nullopt;
        at[i] = static_cast<size_t>(found - header.begin());
    }
    return at;
}

} // namespace

bool ReplySplitter::feed(std::string_view bytes)
{
    // What was given out is dropped here, once for many replies.
    m_buffer.erase(0, m_begin);
    m_searched -= m_begin;
    m_begin = 0;
    m_buffer.append(bytes);
    return m_buffer.size() <= kMaxReply;
}

std::optional<std::string> ReplySplitter::next()
{
    for (size_t at = m_buffer.find(kPrompt, m_searched); at != std::string::npos; at = m_buffer.find(kPrompt, at + 1)) {
        // The prompt follows an empty line, and an empty reply is nothing but that line. A "> " at the start of a
        // line inside the text is not a prompt.
        if (at != m_begin && m_buffer[at - 1] != '\n') continue;
        std::string reply = m_buffer.substr(m_begin, at == m_begin ? 0 : at - 1 - m_begin);
        m_begin = at + kPrompt.size();
        m_searched = m_begin;
        return reply;
    }
    m_searched = std::max(m_begin, m_buffer.size() - std::min(m_buffer.size(), kPrompt.size()));
    return std::nullopt;
}

Result<WorkerInfo> parseShowInfo(std::string_view reply)
{
    std::optional<int64_t> pid;
    std::optional<int64_t> stopping;
    for (const std::string_view line : split(reply, '\n')) {
        const size_t colon = line.find(": ");
        if (colon == std::string_view::npos) continue;
        if (line.substr(0, colon) == "Pid") pid = toInteger(line.substr(colon + 2));
        if (line.substr(0, colon) == "Stopping") stopping = toInteger(line.substr(colon + 2));
    }
    if (!pid || !stopping) return unexpected("show info", reply);
    return WorkerInfo{.pid = *pid, .stopping = *stopping != 0};
}

Result<std::optional<std::string>> parseGetMap(std::string_view reply)
{
    if (!reply.starts_with("type=")) return unexpected("get map", reply);
    if (reply.find(", found=no") != std::string_view::npos) return std::optional<std::string>{};
    constexpr std::string_view kValue = ", value=\"";
    const size_t begin = reply.rfind(kValue);
    if (reply.find(", found=yes") == std::string_view::npos || begin == std::string_view::npos)
        return unexpected("get map", reply);
    const size_t end = reply.find('"', begin + kValue.size());
    if (end == std::string_view::npos) return unexpected("get map", reply);
    return std::optional(std::string(reply.substr(begin + kValue.size(), end - begin - kValue.size())));
}

Result<std::vector<std::string>> parseShowMap(std::string_view reply)
{
    if (!reply.starts_with("# id (file)")) return unexpected("show map", reply);
    std::vector<std::string> files;
    for (const std::string_view line : split(reply, '\n')) {
        const size_t open = line.find(" (");
        const size_t close = line.find(')');
        if (line.starts_with('#') || open == std::string_view::npos || close == std::string_view::npos) continue;
        if (close > open + 2) files.emplace_back(line.substr(open + 2, close - open - 2));
    }
    return files;
}

Result<std::vector<ServerState>> parseServersState(std::string_view reply)
{
    const std::vector<std::string_view> lines = split(reply, '\n');
    if (lines.size() < 2 || lines[0] != "1" || !lines[1].starts_with("# "))
        return unexpected("show servers state", reply);
    std::vector<std::string> header;
    for (const std::string_view name : split(lines[1].substr(2), ' '))
        header.emplace_back(name);
    const auto at = columns<6>(
        header, {"be_name", "srv_name", "srv_op_state", "srv_admin_state", "srv_uweight", "srv_check_state"});
    if (!at) return unexpected("show servers state", reply);

    // Forced, inherited and resolution maintenance. Bit 4 only says that the configuration had `disabled`; it stays
    // set after `ready`.
    constexpr int64_t kMaintBits = 0x01 | 0x02 | 0x20;
    constexpr int64_t kCheckEnabled = 0x04;
    std::vector<ServerState> servers;
    for (size_t i = 2; i < lines.size(); ++i) {
        if (lines[i].empty()) continue;
        const std::vector<std::string_view> fields = split(lines[i], ' ');
        if (fields.size() < header.size()) return unexpected("show servers state", lines[i]);
        const auto op = toInteger(fields[(*at)[2]]);
        const auto admin = toInteger(fields[(*at)[3]]);
        const auto weight = toInteger(fields[(*at)[4]]);
        const auto check = toInteger(fields[(*at)[5]]);
        if (!op || !admin || !weight || !check) return unexpected("show servers state", lines[i]);
        servers.push_back({.backend = std::string(fields[(*at)[0]]),
                           .name = std::string(fields[(*at)[1]]),
                           .stopped = *op == 0,
                           .maint = (*admin & kMaintBits) != 0,
                           .checked = (*check & kCheckEnabled) != 0,
                           .weight = static_cast<int>(*weight)});
    }
    return servers;
}

Result<std::vector<StatRow>> parseShowStat(std::string_view reply)
{
    const std::vector<std::string_view> lines = split(reply, '\n');
    if (!lines[0].starts_with("# ")) return unexpected("show stat", reply);
    const std::vector<std::string> header = splitCsv(lines[0].substr(2));
    const auto at = columns<5>(header, {"pxname", "svname", "req_tot", "stot", "status"});
    if (!at) return unexpected("show stat", reply);
    const size_t last = *std::max_element(at->begin(), at->end());

    std::vector<StatRow> rows;
    for (size_t i = 1; i < lines.size(); ++i) {
        if (lines[i].empty()) continue;
        const std::vector<std::string> fields = splitCsv(lines[i]);
        if (fields.size() <= last) return unexpected("show stat", lines[i]);
        const std::string& requests = fields[(*at)[2]].empty() ? fields[(*at)[3]] : fields[(*at)[2]];
        const auto counted = toInteger(requests);
        if (!counted && !requests.empty()) return unexpected("show stat", lines[i]);
        rows.push_back({fields[(*at)[0]], fields[(*at)[1]], counted, fields[(*at)[4]]});
    }
    return rows;
}

WriteReply classifyWrite(std::string_view reply)
{
    struct Known {
        std::string_view part;
        WriteReply meaning;
    };
    static constexpr std::array kKnown{
        Known{"Permission denied", WriteReply::Denied},
        Known{"No such backend", WriteReply::NoSuchBackend},
        Known{"Can't find backend", WriteReply::NoSuchBackend},
        Known{"No such proxy", WriteReply::NoSuchBackend},
        Known{"No such server", WriteReply::NoSuchServer},
        Known{"Require 'backend/server'", WriteReply::NoSuchServer},
        Known{"Unknown map identifier", WriteReply::NoSuchMap},
        Known{"entry not found", WriteReply::NoSuchEntry},
        Known{"Key not found", WriteReply::NoSuchEntry},
        Known{"static LB algorithm", WriteReply::StaticBalance},
        Known{"Require <weight>", WriteReply::BadValue},
        Known{"Absolute weight can only", WriteReply::BadValue},
        Known{"Relative weight must", WriteReply::BadValue},
        Known{"Missing value for key", WriteReply::BadValue},
        Known{"expects 'ready', 'drain' and 'maint'", WriteReply::BadValue},
        Known{"unable to parse", WriteReply::BadValue},
        Known{"Unknown command", WriteReply::UnknownCommand},
    };
    // HAProxy may write a blank line where nothing is to be said.
    if (reply.find_first_not_of(" \r\n") == std::string_view::npos) return WriteReply::Accepted;
    const auto known =
        std::ranges::find_if(kKnown, [reply](const Known& k) { return reply.find(k.part) != std::string_view::npos; });
    return known == kKnown.end() ? WriteReply::Other : known->meaning;
}

std::string replyText(std::string_view reply)
{
    return plainText(reply.substr(0, reply.find('\n')));
}

} // namespace sluice::adapters
