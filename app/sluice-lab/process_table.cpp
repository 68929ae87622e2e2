// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluice-lab/process_table.h"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>

namespace sluice::app::lab {

namespace fs = std::filesystem;

namespace {

std::optional<pid_t> pidOf(const std::string& name)
{
    pid_t pid = 0;
    const auto parsed = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (parsed.ec != std::errc{} || parsed.ptr != name.data() + name.size()) return {};
    return pid;
}

bool livesInGroup(const fs::path& process, pid_t group)
{
    std::ifstream in(process / "stat");
    std::string text;
    std::getline(in, text);
    const size_t bracket = text.rfind(')'); // the name before it may hold anything
    if (bracket == std::string::npos) return false;
    std::istringstream words(text.substr(bracket + 1));
    char state = 'X';
    pid_t parent = 0;
    pid_t found = -1;
    words >> state >> parent >> found;
    return found == group && state != 'Z' && state != 'X';
}

} // namespace

std::vector<pid_t> livingInGroup(pid_t group)
{
    std::vector<pid_t> pids;
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator("/proc", failed)) {
        const auto pid = pidOf(entry.path().filename().string());
        if (pid && livesInGroup(entry.path(), group)) pids.push_back(*pid);
    }
    return pids;
}

} // namespace sluice::app::lab
