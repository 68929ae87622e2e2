// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "core/journal/enum_names.h"

namespace sluice::journal {

/// A third archive for `fields(archive, value)`: fills every field with something, so that a new field is in the
/// round trip as soon as it is described.
class RandomFields {
public:
    explicit RandomFields(uint32_t seed)
        : m_state(seed)
    {
    }

    template <class T>
    void operator()(const char*, T& value)
    {
        fill(value);
    }

private:
    /// The generator of Knuth's MMIX: the same values in every run and on every machine.
    uint32_t next()
    {
        m_state = m_state * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
        return static_cast<uint32_t>(m_state >> 32U);
    }
    uint32_t below(uint32_t limit) { return next() % limit; }

    void fill(std::string& value)
    {
        static const std::array<std::string, 7> kTexts{
            "", "v2.1", "\"quoted\" \\ and\nlines", "Größe €", "{\"a\":[1]}", "\xF0\x9F\x9A\x80", "10 %"};
        value = kTexts[below(kTexts.size())];
    }
    void fill(bool& value) { value = below(2) == 1; }
    void fill(int& value) { value = static_cast<int>(next()); }
    void fill(int64_t& value) { value = static_cast<int64_t>((uint64_t{next()} << 32U) | next()); }
    void fill(uint64_t& value) { value = (uint64_t{next()} << 31U) | next() >> 1U; }
    void fill(Duration& value) { value = Duration(static_cast<int64_t>(next()) * 1000); }
    void fill(WallTime& value) { value = wallTime(1'700'000'000'000'000 + int64_t{next()}); }
    void fill(Weight& value) { value = *Weight::parse(below(Weight::kFull + 1)); }
    template <class Tag>
    void fill(Id<Tag>& value)
    {
        fill(value.value);
    }
    template <class T>
    void fill(std::optional<T>& value)
    {
        value.reset();
        if (below(3) > 0) fill(value.emplace());
    }
    template <class T>
    void fill(std::vector<T>& value)
    {
        value.clear();
        for (uint32_t left = below(4); left > 0; --left)
            fill(value.emplace_back());
    }
    template <class T>
    void fill(std::map<std::string, T>& value)
    {
        value.clear();
        for (uint32_t left = below(4); left > 0; --left)
            fill(value["key-" + std::to_string(left)]);
    }
    template <class T>
    void fill(T& value)
    {
        if constexpr (std::is_enum_v<T>) {
            const auto& names = EnumNames<T>::kNames;
            value = names[below(static_cast<uint32_t>(names.size()))].first;
        } else {
            fields(*this, value);
        }
    }

    uint64_t m_state;
};

/// One random value of each alternative of a variant.
template <class... T>
std::vector<std::variant<T...>> oneOfEach(const std::variant<T...>*, uint32_t seed)
{
    std::vector<std::variant<T...>> all;
    RandomFields random(seed);
    const auto add = [&]<class One>(One value) {
        fields(random, value);
        all.emplace_back(std::move(value));
    };
    (add(T{}), ...);
    return all;
}

} // namespace sluice::journal
