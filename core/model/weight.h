// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstdint>
#include <optional>

namespace sluice {

/// Share of user traffic asked for the canary, in 1/10,000 (1 % = 100). A value that exists is valid.
class Weight {
public:
    static constexpr int kFull = 10'000;

    static constexpr std::optional<Weight> parse(int64_t perTenThousand)
    {
        if (perTenThousand < 0 || perTenThousand > kFull) return std::nullopt;
        return Weight(static_cast<int>(perTenThousand));
    }
    static constexpr Weight none() { return Weight(0); }
    static constexpr Weight full() { return Weight(kFull); }

    constexpr Weight() = default;
    constexpr int perTenThousand() const { return m_perTenThousand; }
    constexpr int64_t ppm() const { return int64_t{m_perTenThousand} * 100; }
    friend constexpr auto operator<=>(Weight, Weight) = default;

private:
    explicit constexpr Weight(int perTenThousand)
        : m_perTenThousand(perTenThousand)
    {
    }
    int m_perTenThousand{0};
};

} // namespace sluice
