// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/time.h"

namespace sluice::app::lab {

inline constexpr const char* kService = "checkout";
inline constexpr const char* kStableVersion = "v2.3.0";
inline constexpr const char* kCanaryVersion = "v2.4.0";

/// Connections that one replica serves at a time. Of these the proxies may take all but the reserve, which is for
/// their checks, Prometheus and whoever looks at a replica directly.
inline constexpr int kServiceThreads = 256;
inline constexpr int kServiceReserve = 32;

inline constexpr int kMaxProxies = 9;
inline constexpr int kMaxReplicas = 16;
inline constexpr int kMaxRps = 5'000;
inline constexpr int kMaxUsers = 150'000; ///< fits the table of distinct users of one replica

enum class Track { Stable, Canary };
inline constexpr std::array kTracks{Track::Stable, Track::Canary};
const char* trackName(Track track);
Result<Track> parseTrack(std::string_view text);

struct LabOptions {
    std::filesystem::path dir{}; ///< absolute; see labDirectory()
    int proxies{2};
    int rps{200};
    Duration limit{std::chrono::minutes(20)}; ///< the lab ends by itself after this
    int replicas{4};                          ///< slots of each track
    int users{20'000};
};

/// Where everything of one lab lies. `proxy` counts from 1.
struct Layout {
    std::filesystem::path dir{};
    std::filesystem::path lock() const { return dir / "lab.lock"; }
    std::filesystem::path controlSocket() const { return dir / "lab.sock"; }
    std::filesystem::path connections() const { return dir / "connections.yaml"; }
    std::filesystem::path logs() const { return dir / "log"; }
    std::filesystem::path prometheusConfig() const { return dir / "prometheus.yml"; }
    std::filesystem::path prometheusData() const { return dir / "prometheus"; }
    std::filesystem::path runtimeSocket(int proxy) const { return dir / ("e" + std::to_string(proxy) + ".sock"); }
    std::filesystem::path masterSocket(int proxy) const { return dir / ("m" + std::to_string(proxy) + ".sock"); }
    std::filesystem::path proxyFolder(int proxy) const { return dir / ("e" + std::to_string(proxy)); }
};

/// Absolute form of `dir`, checked: characters that every generated file can carry, and room for the socket names.
Result<std::filesystem::path> labDirectory(const std::string& dir);

/// "/usr/sbin/haproxy", or what SLUICE_HAPROXY (SLUICE_PROMETHEUS) names; an error tells the Debian line that
/// installs it.
Result<std::string> findProgram(const std::string& name);

Outcome writeFile(const std::filesystem::path& path, std::string_view text);

} // namespace sluice::app::lab
