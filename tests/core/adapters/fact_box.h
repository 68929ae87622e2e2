// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "core/ports/port_message.h"

namespace sluice::test {

inline constexpr auto kPatience = std::chrono::seconds(30); ///< for a condition that will come

/// A sink that keeps what was posted and lets a test wait for a condition on it.
class MessageBox {
public:
    ports::Sink sink()
    {
        return [this](ports::PortMessage message) {
            {
                const std::scoped_lock lock(m_mutex);
                m_messages.push_back(std::move(message));
            }
            m_changed.notify_all();
            return true;
        };
    }

    std::vector<ports::PortMessage> all() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_messages;
    }
    size_t count() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_messages.size();
    }

    /// True as soon as a message at index `from` or later fits; false after `limit`.
    template <class Message>
    bool waitFor(const std::function<bool(const Message&)>& fits, size_t from = 0,
                 std::chrono::milliseconds limit = kPatience)
    {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, limit, [&] {
            for (size_t i = from; i < m_messages.size(); ++i) {
                const auto* message = std::get_if<Message>(&m_messages[i]);
                if (message != nullptr && fits(*message)) return true;
            }
            return false;
        });
    }

    /// The facts of one proxy from `from` on.
    std::vector<rollout::ProxyFact> facts(const std::string& proxy, size_t from = 0) const
    {
        const std::scoped_lock lock(m_mutex);
        std::vector<rollout::ProxyFact> out;
        for (size_t i = from; i < m_messages.size(); ++i) {
            const auto* answer = std::get_if<ports::ProxyAnswer>(&m_messages[i]);
            if (answer != nullptr && answer->fact.name == proxy) out.push_back(answer->fact);
        }
        return out;
    }
    bool waitForFact(const std::string& proxy, const std::function<bool(const rollout::ProxyFact&)>& fits,
                     size_t from = 0, std::chrono::milliseconds limit = kPatience)
    {
        return waitFor<ports::ProxyAnswer>(
            [&](const ports::ProxyAnswer& answer) { return answer.fact.name == proxy && fits(answer.fact); }, from,
            limit);
    }
    /// The read-back equals generation `generation`.
    bool waitVerified(const std::string& proxy, uint64_t generation, size_t from = 0,
                      std::chrono::milliseconds limit = kPatience)
    {
        return waitForFact(
            proxy,
            [generation](const rollout::ProxyFact& fact) {
                return fact.state == rollout::ProxyFact::State::Verified && fact.generation == generation;
            },
            from, limit);
    }

private:
    mutable std::mutex m_mutex{};
    std::condition_variable m_changed{};
    std::vector<ports::PortMessage> m_messages{}; // guarded by m_mutex
};

} // namespace sluice::test
