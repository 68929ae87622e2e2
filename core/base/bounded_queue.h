// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <utility>
#include <vector>

#include "core/base/time.h"

namespace sluice {

/// Queue of fixed capacity between threads; it says no instead of growing. Any thread may call.
template <class T>
class BoundedQueue {
public:
    explicit BoundedQueue(size_t capacity)
        : m_capacity(capacity)
    {
    }

    /// False when the queue is full: the caller decides what is lost, nothing blocks.
    [[nodiscard]] bool push(T item)
    {
        {
            const std::scoped_lock lock(m_mutex);
            if (m_items.size() >= m_capacity) return false;
            m_items.push_back(std::move(item));
        }
        m_filled.notify_one();
        return true;
    }

    /// Everything that waits, oldest first; never blocks.
    std::vector<T> drain()
    {
        const std::scoped_lock lock(m_mutex);
        std::vector<T> out(std::make_move_iterator(m_items.begin()), std::make_move_iterator(m_items.end()));
        m_items.clear();
        return out;
    }

    /// Blocks until something waits, `wake()` is called, or `timeout` has passed.
    void waitFor(Duration timeout)
    {
        std::unique_lock lock(m_mutex);
        m_filled.wait_for(lock, timeout, [this] { return !m_items.empty() || m_woken; });
        m_woken = false;
    }

    void wake()
    {
        {
            const std::scoped_lock lock(m_mutex);
            m_woken = true;
        }
        m_filled.notify_one();
    }

private:
    const size_t m_capacity;
    std::mutex m_mutex{};
    std::condition_variable m_filled{};
    std::deque<T> m_items{}; // guarded by m_mutex
    bool m_woken{false};     // guarded by m_mutex
};

} // namespace sluice
