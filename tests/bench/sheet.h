// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sluice::bench {

enum class Sense { AtMost, AtLeast };

/// One promise of the README's table: a ratio or a count taken within one run.
struct Bar {
    std::string name{};
    std::string claim{};
    Sense sense{Sense::AtMost};
    double limit{0};
    std::string unit{}; ///< behind the number: "x", "ms", "%", ""
};

/// What came out for one bar: a number with what it was made of, or why there is none.
struct Reading {
    std::optional<double> value{};
    std::string detail{};
};

/// Collects readings; a bar without one counts as skipped.
class Sheet {
public:
    void put(const std::string& bar, double value, const std::string& detail) { m_readings[bar] = {value, detail}; }
    void skip(const std::string& bar, const std::string& why) { m_readings[bar] = {std::nullopt, why}; }
    Reading reading(const std::string& bar) const;

private:
    std::map<std::string, Reading> m_readings{};
};

/// Bars that one measurement fills together.
struct Group {
    std::string name{};
    std::vector<Bar> bars{};
    std::function<void(Sheet&)> measure{};
};

bool held(const Bar& bar, double value);
/// "at most 3 x".
std::string limitText(const Bar& bar);
std::string valueText(const Bar& bar, double value);

} // namespace sluice::bench
