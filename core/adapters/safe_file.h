// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/adapters/haproxy_split.h"
#include "core/base/id.h"
#include "core/base/result.h"

namespace sluice::adapters {

/// `safe/<target>.json`: how any process brings a target to its safe state without engine, journal or connections
/// file. Written before exposure rises.
struct SafeFile {
    struct Proxy {
        std::string name{};
        RouterConfig config{};
        SplitMaps maps{};                    ///< empty when the proxy was never reached
        std::vector<std::string> commands{}; ///< exact lines, valid as they stand
        friend bool operator==(const Proxy&, const Proxy&) = default;
    };
    TargetId target{};
    int64_t epoch{0};
    std::vector<Proxy> proxies{};
    friend bool operator==(const SafeFile&, const SafeFile&) = default;
};

std::string writeSafeFile(const SafeFile& file);
/// Fault::BadInput names what is wrong; at most 1 MiB is read.
Result<SafeFile> readSafeFile(std::string_view text);

} // namespace sluice::adapters
