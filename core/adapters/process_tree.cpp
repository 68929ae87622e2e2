// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/adapters/process_tree.h"

#include <charconv>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <system_error>

namespace sluice::adapters {

namespace {

std::optional<pid_t> toPid(std::string_view text)
{
    pid_t pid = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), pid);
    if (error != std::errc{} || end != text.data() + text.size() || pid <= 0) return std::nullopt;
    return pid;
}

/// Parent of a living process. The name in parentheses may hold anything, so the fields are counted from the last one.
std::optional<pid_t> parentOf(const std::filesystem::path& folder)
{
    std::ifstream file(folder / "stat");
    std::string line;
    if (!std::getline(file, line)) return std::nullopt;
    const size_t close = line.rfind(") ");
    if (close == std::string::npos || close + 4 >= line.size() || line[close + 2] == 'Z') return std::nullopt;
    const size_t begin = close + 4;
    return toPid(std::string_view(line).substr(begin, line.find(' ', begin) - begin));
}

} // namespace

std::vector<pid_t> descendantsOf(pid_t root)
{
    std::multimap<pid_t, pid_t> children;
    std::error_code error;
    for (std::filesystem::directory_iterator it("/proc", error), end; !error && it != end; it.increment(error)) {
        const auto pid = toPid(it->path().filename().string());
        if (!pid) continue;
        if (const auto parent = parentOf(it->path())) children.emplace(*parent, *pid);
    }
    std::vector<pid_t> found{root};
    for (size_t i = 0; i < found.size(); ++i) {
        const auto [first, last] = children.equal_range(found[i]);
        for (auto it = first; it != last; ++it)
            found.push_back(it->second);
    }
    found.erase(found.begin());
    return found;
}

size_t signalDescendants(pid_t root, int signal)
{
    const std::vector<pid_t> found = descendantsOf(root);
    for (const pid_t pid : found)
        ::kill(pid, signal);
    return found.size();
}

} // namespace sluice::adapters
