// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "app/sluice-lab/fault.h"
#include "core/base/result.h"

namespace sluice::app::lab {

inline constexpr size_t kUserSlots = 1U << 18U; ///< power of two; at most three quarters are ever used
inline constexpr size_t kMaxPageUsers = kUserSlots / 4 * 3;

/// Memory that the lab and one replica share: what the replica counted (so the counts outlive kill -9) and what is
/// wrong with it on purpose (so a fault acts on the next request). Every field is an atomic of its own.
struct ReplicaPage {
    std::atomic<uint32_t> ready{0};
    std::atomic<uint64_t> requests{0};
    std::atomic<uint64_t> errors{0};
    std::atomic<uint64_t> probes{0};
    std::atomic<uint64_t> payments{0};
    std::atomic<uint64_t> paymentFailures{0};
    std::atomic<uint64_t> users{0}; ///< distinct users in the table below

    std::atomic<int64_t> errorsPpm{0};
    std::atomic<int64_t> latencyUs{0};
    std::atomic<int64_t> cpuPpm{0};
    std::atomic<int64_t> memoryPpm{0};
    std::atomic<int64_t> paymentsPpm{0};
    std::atomic<int64_t> usersLostPpm{0};
    std::atomic<int64_t> unhealthy{0};

    std::array<std::atomic<uint64_t>, kUserSlots> userTable{}; ///< open addressing by hash; 0 = free

    void setFault(const InjectedFault& fault);
    InjectedFault fault() const;
    /// Remembers a user by hash; a full table (kMaxPageUsers) keeps what it has. Any thread.
    void noteUser(uint64_t hash);
    std::vector<uint64_t> userHashes() const;
};

/// Hash of a user id, never 0; the same in every process.
uint64_t userHash(std::string_view user);

/// Owns a mapping of one page. Created by the lab; the replica opens it from the inherited descriptor.
class SharedPage {
public:
    static Result<SharedPage> create();
    static Result<SharedPage> open(int fd);
    SharedPage(SharedPage&& other) noexcept;
    SharedPage& operator=(SharedPage&& other) noexcept;
    SharedPage(const SharedPage&) = delete;
    SharedPage& operator=(const SharedPage&) = delete;
    ~SharedPage();

    ReplicaPage& operator*() const { return *m_page; }
    ReplicaPage* operator->() const { return m_page; }
    int fd() const { return m_fd; }

private:
    SharedPage(int fd, ReplicaPage* page)
        : m_fd(fd)
        , m_page(page)
    {
    }
    int m_fd{-1};
    ReplicaPage* m_page{nullptr};
};

} // namespace sluice::app::lab
