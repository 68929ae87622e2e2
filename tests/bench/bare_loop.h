// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include <QTemporaryDir>

#include "tests/bench/plain_database.h"

namespace sluice::bench {

/// The least a program can do to take traffic back: an open connection to every proxy; the zero is written to each in
/// turn and read back in the same bytes; one durable commit at the end. It knows no epoch that moved, no reload, no
/// proxy that hangs.
class BareLoop {
public:
    struct Proxy {
        std::string socket{};
        std::string lines{}; ///< written in one go
        int replies{0};      ///< that come back
    };
    explicit BareLoop(std::vector<Proxy> proxies);
    BareLoop(const BareLoop&) = delete;
    BareLoop& operator=(const BareLoop&) = delete;
    ~BareLoop();

    void run();

    /// Writes zero and maintenance, asks for limit and server states. `token`: whatever the proxy follows.
    static Proxy zeroing(const std::string& socket, const std::string& folder, const std::string& service,
                         const std::string& token, const std::string& backend);

private:
    std::vector<Proxy> m_proxies;
    std::vector<int> m_files{};
    QTemporaryDir m_folder{};
    PlainDatabase m_database;
};

} // namespace sluice::bench
