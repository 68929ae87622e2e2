// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluice-lab/replica_page.h"

#include <cstring>
#include <new>
#include <utility>

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xxhash.h>

namespace sluice::app::lab {

static_assert(std::atomic<uint64_t>::is_always_lock_free, "a page is shared between processes");

namespace {

Error failure(const char* what)
{
    return Error{Fault::Unreachable, fmt::format("{} of a replica's page failed: {}.", what, std::strerror(errno))};
}

Result<void*> mapPage(int fd)
{
    void* memory = mmap(nullptr, sizeof(ReplicaPage), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED) return failure("Mapping");
    return memory;
}

} // namespace

uint64_t userHash(std::string_view user)
{
    const uint64_t hash = XXH64(user.data(), user.size(), 0);
    return hash == 0 ? 1 : hash;
}

void ReplicaPage::setFault(const InjectedFault& fault)
{
    errorsPpm = fault.errorsPpm;
    latencyUs = micros(fault.latency);
    cpuPpm = fault.cpuPpm;
    memoryPpm = fault.memoryPpm;
    paymentsPpm = fault.paymentsPpm;
    usersLostPpm = fault.usersLostPpm;
    unhealthy = fault.unhealthy ? 1 : 0;
}

InjectedFault ReplicaPage::fault() const
{
    return {.errorsPpm = errorsPpm,
            .latency = Duration(latencyUs.load()),
            .cpuPpm = cpuPpm,
            .memoryPpm = memoryPpm,
            .paymentsPpm = paymentsPpm,
            .usersLostPpm = usersLostPpm,
            .unhealthy = unhealthy != 0};
}

void ReplicaPage::noteUser(uint64_t hash)
{
    for (size_t at = hash & (kUserSlots - 1); users < kMaxPageUsers; at = (at + 1) & (kUserSlots - 1)) {
        uint64_t found = userTable[at];
        if (found == hash) return;
        if (found != 0) continue;
        if (userTable[at].compare_exchange_strong(found, hash)) {
            ++users;
            return;
        }
        if (found == hash) return; // another thread noted the same user just now
    }
}

std::vector<uint64_t> ReplicaPage::userHashes() const
{
    std::vector<uint64_t> hashes;
    hashes.reserve(users);
    for (const auto& slot : userTable) {
        if (const uint64_t hash = slot; hash != 0) hashes.push_back(hash);
    }
    return hashes;
}

Result<SharedPage> SharedPage::create()
{
    const int fd = memfd_create("sluice-replica", MFD_CLOEXEC);
    if (fd < 0) return failure("Creating");
    if (ftruncate(fd, sizeof(ReplicaPage)) != 0) {
        close(fd);
        return failure("Sizing");
    }
    const auto memory = mapPage(fd);
    if (!memory) {
        close(fd);
        return memory.error();
    }
    return SharedPage(fd, new (memory.value()) ReplicaPage);
}

Result<SharedPage> SharedPage::open(int fd)
{
    const auto memory = mapPage(fd);
    if (!memory) return memory.error();
    return SharedPage(fd, std::launder(static_cast<ReplicaPage*>(memory.value())));
}

SharedPage::SharedPage(SharedPage&& other) noexcept
    : m_fd(std::exchange(other.m_fd, -1))
    , m_page(std::exchange(other.m_page, nullptr))
{
}

SharedPage& SharedPage::operator=(SharedPage&& other) noexcept
{
    std::swap(m_fd, other.m_fd);
    std::swap(m_page, other.m_page);
    return *this;
}

SharedPage::~SharedPage()
{
    if (m_page != nullptr) munmap(m_page, sizeof(ReplicaPage));
    if (m_fd >= 0) close(m_fd);
}

} // namespace sluice::app::lab
