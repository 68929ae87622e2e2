// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/adapters/haproxy_setup.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <poll.h>

#include "core/adapters/haproxy_address.h"
#include "core/adapters/haproxy_connection.h"
#include "core/adapters/haproxy_split.h"

namespace sluice::adapters {

namespace {

constexpr int kLookEveryMs = 20;
constexpr size_t kMostNamed = 12; ///< of what the proxy has instead

/// One question after the other, each waited for until the one deadline.
class Asker {
public:
    Asker(HaproxyAddress address, const ports::Clock& clock, Duration limit)
        : m_clock(clock)
        , m_until(clock.now().boot + limit)
        , m_lookup(std::move(address))
    {
    }

    Outcome open()
    {
        for (;;) {
            const auto address = m_lookup.get();
            if (!address) return address.error();
            if (address.value()) return m_connection.open(*address.value(), m_clock.now().boot);
            if (isOver()) return silent();
            ::poll(nullptr, 0, kLookEveryMs);
        }
    }

    Result<std::string> ask(const std::string& line)
    {
        std::optional<std::string> reply;
        m_connection.ask(
            this, line, [&reply](const std::string& text) { reply = text; }, true);
        while (!reply) {
            if (isOver()) {
                m_connection.close(); // its callback names `reply`
                return silent();
            }
            if (const auto pumped = m_connection.pump(m_clock.now().boot); !pumped) return pumped.error();
            const int events = POLLIN | (m_connection.wantsWrite() ? POLLOUT : 0);
            pollfd waits{.fd = m_connection.fd(), .events = static_cast<short>(events), .revents = 0};
            if (::poll(&waits, 1, kLookEveryMs) <= 0 || (waits.revents & ~POLLOUT) == 0) continue;
            if (const auto read = m_connection.onReadable(m_clock.now().boot); !read) return read.error();
        }
        return *reply;
    }

private:
    bool isOver() const { return m_clock.now().boot >= m_until; }
    static Error silent() { return {Fault::Unreachable, "no answer"}; }

    const ports::Clock& m_clock;
    const BootTime m_until;
    AddressLookup m_lookup;
    HaproxyConnection m_connection{};
};

Error lacks(const std::string& sentence)
{
    return {Fault::Refused, sentence};
}

std::string listText(std::vector<std::string> names)
{
    if (names.empty()) return "nothing";
    std::ranges::sort(names);
    names.erase(std::ranges::unique(names).begin(), names.end());
    if (names.size() <= kMostNamed) return fmt::format("{}", fmt::join(names, ", "));
    const size_t more = names.size() - kMostNamed;
    names.resize(kMostNamed);
    return fmt::format("{} and {} more", fmt::join(names, ", "), more);
}

/// One word of each line: the keys of `show map FILE`, the names of `show backend`.
std::vector<std::string> column(std::string_view reply, size_t wanted)
{
    std::vector<std::string> words;
    while (!reply.empty()) {
        std::string_view line = reply.substr(0, reply.find('\n'));
        reply.remove_prefix(std::min(reply.size(), line.size() + 1));
        if (line.starts_with('#')) continue;
        for (size_t skipped = 0; skipped < wanted && !line.empty(); ++skipped)
            line.remove_prefix(std::min(line.size(), line.find(' ') == line.npos ? line.size() : line.find(' ') + 1));
        if (!line.empty()) words.emplace_back(line.substr(0, line.find(' ')));
    }
    return words;
}

Outcome checkMaps(Asker& asker, const RouterConfig& config)
{
    const auto shown = asker.ask("show map");
    if (!shown) return shown.error();
    const auto files = parseShowMap(shown.value());
    if (!files) return files.error();
    const auto maps = findMaps(files.value(), config.service);
    if (!maps) return lacks(fmt::format("{} It has: {}.", maps.error().detail, listText(files.value())));
    const auto answer = asker.ask(epochCommand(config, maps.value()));
    if (!answer) return answer.error();
    const auto entry = parseGetMap(answer.value());
    if (!entry) return entry.error();
    if (entry.value()) return Done{};
    const auto all = asker.ask("show map " + commandArgument(maps.value().epoch));
    if (!all) return all.error();
    return lacks(fmt::format("{} has no entry for the service '{}', so its rules do not follow it; it has: {}. Correct "
                             "'service', or put \"{} none\" into the file.",
                             maps.value().epoch, config.service, listText(column(all.value(), 1)), config.service));
}

/// `needed`: servers are needed, not only the backend.
Outcome checkGroup(Asker& asker, const ServerGroup& group, const std::vector<ServerState>& servers,
                   std::string_view option, bool needed)
{
    if (std::ranges::any_of(servers, [&](const ServerState& server) { return group.holds(server); })) return Done{};
    const auto shown = asker.ask("show backend");
    if (!shown) return shown.error();
    const std::vector<std::string> backends = column(shown.value(), 0);
    if (std::ranges::find(backends, group.backend) == backends.end())
        return lacks(
            fmt::format("There is no backend '{}' ({}); it has: {}.", group.backend, option, listText(backends)));
    if (!needed) return Done{};
    std::vector<std::string> names;
    for (const ServerState& server : servers)
        if (server.backend == group.backend) names.push_back(server.name);
    const std::string like = group.prefix.empty() ? "" : fmt::format(" whose name begins with '{}'", group.prefix);
    return lacks(fmt::format("The backend '{}' ({}) has no server{}; it has: {}.", group.backend, option, like,
                             listText(names)));
}

} // namespace

Outcome checkProxySetup(const RouterConfig& config, const ports::Clock& clock, Duration limit)
{
    auto address = parseHaproxyAddress(config.address);
    if (!address) return address.error();
    Asker asker(std::move(address).value(), clock, limit);
    if (const auto opened = asker.open(); !opened) return opened;
    const bool map = config.split == RouterConfig::Split::Map;
    if (map)
        if (const auto maps = checkMaps(asker, config); !maps) return maps;
    const auto shown = asker.ask("show servers state");
    if (!shown) return shown.error();
    const auto servers = parseServersState(shown.value());
    if (!servers) return servers.error();
    if (const auto canary = checkGroup(asker, canaryGroup(config), servers.value(), "canary", true); !canary)
        return canary;
    return checkGroup(asker, stableGroup(config), servers.value(), "stable", !map);
}

} // namespace sluice::adapters
