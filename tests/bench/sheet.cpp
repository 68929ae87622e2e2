// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/sheet.h"

#include <cmath>

#include <fmt/format.h>

namespace sluice::bench {

namespace {

std::string number(double value, const std::string& unit)
{
    const int digits = value == std::floor(value) || value >= 100 ? 0 : value >= 10 ? 1 : value >= 0.1 ? 2 : 4;
    return fmt::format("{:.{}f}{}{}", value, digits, unit.empty() ? "" : " ", unit);
}

} // namespace

Reading Sheet::reading(const std::string& bar) const
{
    const auto found = m_readings.find(bar);
    return found == m_readings.end() ? Reading{std::nullopt, "nothing was measured"} : found->second;
}

bool held(const Bar& bar, double value)
{
    switch (bar.sense) {
    case Sense::AtMost: return value <= bar.limit;
    case Sense::AtLeast: return value >= bar.limit;
    }
    return false;
}

std::string limitText(const Bar& bar)
{
    return (bar.sense == Sense::AtMost ? "at most " : "at least ") + number(bar.limit, bar.unit);
}

std::string valueText(const Bar& bar, double value)
{
    return number(value, bar.unit);
}

} // namespace sluice::bench
