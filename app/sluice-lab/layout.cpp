// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluice-lab/layout.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <fmt/format.h>
#include <unistd.h>

namespace sluice::app::lab {

namespace fs = std::filesystem;

namespace {

// A Unix socket address holds 107 bytes; HAProxy takes 97 of them, because it binds "<path>.<pid>.tmp" first.
constexpr size_t kMaxSocketPath = 97;
constexpr size_t kMaxDirectory = kMaxSocketPath - (sizeof("/e9.sock") - 1);

constexpr std::string_view kPathCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-+@/";

} // namespace

const char* trackName(Track track)
{
    return track == Track::Stable ? "stable" : "canary";
}

Result<Track> parseTrack(std::string_view text)
{
    for (const Track track : kTracks) {
        if (text == trackName(track)) return track;
    }
    return Error{Fault::BadInput, fmt::format("'{}' is not a track; tracks are stable and canary.", text)};
}

Result<fs::path> labDirectory(const std::string& dir)
{
    std::error_code failed;
    fs::path path = fs::weakly_canonical(dir.empty() ? fs::path(".") : fs::path(dir), failed);
    if (failed) return Error{Fault::BadInput, fmt::format("{}: {}.", dir, failed.message())};
    const std::string text = path.string();
    if (text.find_first_not_of(kPathCharacters) != std::string::npos) {
        return Error{Fault::BadInput,
                     fmt::format("{}: the path may only hold letters, digits and . _ - + @ / (it is written into the "
                                 "proxies' configuration).",
                                 text)};
    }
    if (text.size() > kMaxDirectory) {
        return Error{Fault::BadInput, fmt::format("{}: the path has {} bytes, at most {} leave room for socket names; "
                                                  "choose a shorter one.",
                                                  text, text.size(), kMaxDirectory)};
    }
    return path;
}

Result<std::string> findProgram(const std::string& name)
{
    std::string variable = "SLUICE_" + name;
    std::ranges::transform(variable, variable.begin(), [](unsigned char c) { return std::toupper(c); });
    if (const char* given = std::getenv(variable.c_str())) {
        if (access(given, X_OK) == 0) return std::string(given);
        return Error{Fault::Unreachable, fmt::format("{}={} is no program that can be run; unset it and run: "
                                                     "apt-get install -y {}",
                                                     variable, given, name)};
    }
    const char* path = std::getenv("PATH"); // an ordinary user's does not hold sbin, where Debian has haproxy
    std::istringstream folders(std::string(path ? path : "") + ":/usr/local/sbin:/usr/sbin:/sbin:/usr/bin");
    for (std::string folder; std::getline(folders, folder, ':');) {
        const std::string candidate = folder + "/" + name;
        if (!folder.empty() && access(candidate.c_str(), X_OK) == 0) return candidate;
    }
    return Error{Fault::Unreachable, fmt::format("{0} is not installed; run: apt-get install -y {0}", name)};
}

Outcome writeFile(const fs::path& path, std::string_view text)
{
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out << text;
    out.flush();
    if (!out) return Error{Fault::Unreachable, fmt::format("{} cannot be written.", path.string())};
    return Done{};
}

} // namespace sluice::app::lab
