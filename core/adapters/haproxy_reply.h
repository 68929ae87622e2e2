// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

// What HAProxy 2.6 says on its runtime socket, as data. Pure functions over one reply each, without the empty line
// and the prompt that end it. There is no status code: every text is read here or it is an error.

namespace sluice::adapters {

/// Cuts the byte stream of prompt mode into replies: a reply ends with an empty line and "> ".
class ReplySplitter {
public:
    /// More than any reply Sluice asks for (`show servers state` of 10,000 servers has about 1 MB).
    static constexpr size_t kMaxReply = size_t{4} << 20;

    /// False when a reply grows beyond kMaxReply: the stream cannot be trusted any more, close it.
    [[nodiscard]] bool feed(std::string_view bytes);
    /// The next whole reply, without its last line feed; empty for a setter that succeeded.
    std::optional<std::string> next();

private:
    std::string m_buffer{};
    size_t m_begin{0};    ///< of the next reply
    size_t m_searched{0}; ///< no end of it begins before this offset
};

/// `show info`.
struct WorkerInfo {
    int64_t pid{0};
    bool stopping{false}; ///< an old worker after a reload: what it reports routes no new traffic
    friend bool operator==(const WorkerInfo&, const WorkerInfo&) = default;
};
Result<WorkerInfo> parseShowInfo(std::string_view reply);

/// `get map FILE KEY`; none = the key is not in the map.
Result<std::optional<std::string>> parseGetMap(std::string_view reply);

/// `show map`: the files, in the order of their ids.
Result<std::vector<std::string>> parseShowMap(std::string_view reply);

/// A row of `show servers state`, format version 1.
struct ServerState {
    std::string backend{};
    std::string name{};
    bool stopped{false}; ///< not running: down or in maintenance
    bool maint{false};   ///< maintenance: forced, inherited or by a failed resolution
    bool checked{false}; ///< its own health check says whether it is up
    int weight{0};
    friend bool operator==(const ServerState&, const ServerState&) = default;
};
Result<std::vector<ServerState>> parseServersState(std::string_view reply);

/// A row of `show stat`; columns are found by name. An empty field is none.
struct StatRow {
    std::string proxy{};
    std::string server{};              ///< "BACKEND" for the backend itself
    std::optional<int64_t> requests{}; ///< req_tot (backends), else sessions (servers)
    std::string status{};
    friend bool operator==(const StatRow&, const StatRow&) = default;
};
Result<std::vector<StatRow>> parseShowStat(std::string_view reply);

/// What a setter's reply means. Accepted is not success: only the read-back is.
enum class WriteReply {
    Accepted,
    Denied, ///< the socket lacks `level admin`
    NoSuchBackend,
    NoSuchServer,
    NoSuchMap,
    NoSuchEntry,
    BadValue,
    StaticBalance,  ///< the backend's algorithm takes only weights 0 % and 100 %
    UnknownCommand, ///< not a HAProxy that we know
    Other,
};
WriteReply classifyWrite(std::string_view reply);

/// First line of a reply, at most 200 bytes and without control characters: for people.
std::string replyText(std::string_view reply);

} // namespace sluice::adapters
