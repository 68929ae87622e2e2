// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <utility>

namespace sluice {

/// A secret that prints as dots everywhere. Only the adapter that needs it calls `reveal()`.
class Redacted {
public:
    Redacted() = default;
    explicit Redacted(std::string secret)
        : m_secret(std::move(secret))
    {
    }
    bool empty() const { return m_secret.empty(); }
    const std::string& reveal() const { return m_secret; }
    static const char* text() { return "•••"; }

private:
    std::string m_secret{};
};

} // namespace sluice
