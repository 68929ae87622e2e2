// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <QTemporaryDir>

#include "core/adapters/haproxy_driver.h"

namespace sluice::test {

/// A HAProxy of one service on a unix socket in this process: prompt mode, one worker, and faults a real one shows.
class FakeHaproxy {
public:
    enum class Fault {
        None,
        Frozen,           ///< accepts and reads nothing
        CloseBeforeReply, ///< takes the next command and closes
        Truncated,        ///< sends half of the next reply and closes
        Garbage,          ///< answers the next command with what nobody knows
    };

    FakeHaproxy();
    ~FakeHaproxy();

    adapters::RouterBinding binding(const char* name) const;
    std::string address() const;

    void setFault(Fault fault);
    /// As a reload does: maps as on disk, servers disabled, the connections stay with a worker that is stopping.
    void reload();
    /// The process is gone and comes back as another one: the connections end.
    void restart();
    void setSplit(const std::string& key, const std::string& value);

    std::string epochToken() const;
    std::string split(const std::string& key) const;
    bool maint() const;
    /// All lines that were carried out, in order.
    std::vector<std::string> lines() const;
    int duplicates() const; ///< `add map` of a key that was there

private:
    struct Client {
        int fd{-1};
        std::string in{};
        bool stopping{false};
    };
    void run();
    void listenHere();
    bool serve(Client& client);
    bool answer(Client& client, const std::string& line);
    std::string carryOut(const Client& client, const std::string& line);
    std::string mapCommand(const std::vector<std::string>& words);
    std::string serverStates() const;
    void wake();

    QTemporaryDir m_folder{};
    int m_listener{-1};
    int m_wakeFd{-1};
    mutable std::mutex m_mutex{};
    // All below guarded by m_mutex.
    Fault m_fault{Fault::None};
    bool m_ending{false};
    bool m_dropAll{false};
    int m_pid{100};
    std::map<std::string, std::string> m_epoch{{"checkout", "none"}};
    std::map<std::string, std::string> m_split{{"none", "0"}};
    std::map<std::string, bool> m_maint{{"c1", true}, {"c2", true}};
    std::vector<std::string> m_lines{};
    int m_duplicates{0};
    std::vector<Client> m_clients{};
    std::thread m_thread{};
};

} // namespace sluice::test
