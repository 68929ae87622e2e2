// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "app/sluice-lab/layout.h"

namespace sluice::app::lab {

struct ServiceOptions {
    std::string slot{}; ///< "s1", "c2"
    Track track{Track::Stable};
    std::string version{};
    int port{0};
    int pageFd{-1}; ///< inherited descriptor of the ReplicaPage
};

/// A request with this header is answered at once and appears in no metric: it only asks which version answers.
inline constexpr const char* kProbeHeader = "X-Lab-Probe";

/// One replica of the simulated service; serves until SIGTERM (then it drains) or SIGKILL. Returns the exit code.
int runService(const ServiceOptions& options);

} // namespace sluice::app::lab
