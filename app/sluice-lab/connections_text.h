// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "app/sluice-lab/layout.h"

namespace sluice::app::lab {

/// The connections file of a lab; `healthPort` is the first canary slot's.
std::string connectionsText(const Layout& layout, int proxies, int prometheusPort, int healthPort,
                            const std::string& login);

/// Name of the user this process runs as; the user id when it has none.
std::string currentLogin();

} // namespace sluice::app::lab
