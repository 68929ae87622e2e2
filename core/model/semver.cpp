// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/semver.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sluice {

namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isNumber(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, isDigit);
}

/// Letters, digits and '-'; not empty.
bool isIdentifier(std::string_view text)
{
    const auto fits = [](char c) { return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-'; };
    return !text.empty() && std::ranges::all_of(text, fits);
}

/// "01" is no number of a version.
bool hasLeadingZero(std::string_view text)
{
    return text.size() > 1 && text.front() == '0';
}

std::optional<uint64_t> number(std::string_view text)
{
    if (!isNumber(text) || hasLeadingZero(text)) return std::nullopt;
    uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} ? std::optional(value) : std::nullopt;
}

std::vector<std::string> parts(std::string_view text)
{
    std::vector<std::string> out;
    while (true) {
        const size_t dot = text.find('.');
        out.emplace_back(text.substr(0, dot));
        if (dot == std::string_view::npos) return out;
        text.remove_prefix(dot + 1);
    }
}

bool areIdentifiers(const std::vector<std::string>& all)
{
    return std::ranges::all_of(all, isIdentifier);
}

/// Clause 11.4: numbers by size and before words, words by ASCII. Numbers have no leading zero, so the longer is
/// larger.
std::weak_ordering compareIdentifier(const std::string& a, const std::string& b)
{
    if (isNumber(a) != isNumber(b)) return isNumber(a) ? std::weak_ordering::less : std::weak_ordering::greater;
    if (isNumber(a) && a.size() != b.size()) return a.size() <=> b.size();
    return a.compare(b) <=> 0;
}

std::weak_ordering comparePre(const std::vector<std::string>& a, const std::vector<std::string>& b)
{
    // Clause 11.3: a release comes after everything that led to it.
    if (a.empty() || b.empty()) return static_cast<int>(a.empty()) <=> static_cast<int>(b.empty());
    for (size_t i = 0; i < std::min(a.size(), b.size()); ++i)
        if (const auto order = compareIdentifier(a[i], b[i]); order != 0) return order;
    return a.size() <=> b.size();
}

using Op = VersionRange::Bound::Op;

/// What "^" and "~" do not reach any more: the first of all that lead to it.
SemVer above(const SemVer& version, char kind)
{
    SemVer first{.pre = {"0"}};
    first.major = version.major;
    if (kind == '~' || (version.major == 0 && version.minor > 0))
        first.minor = version.minor + 1;
    else if (version.major == 0)
        first.patch = version.patch + 1;
    else
        ++first.major;
    return first;
}

bool addBound(std::vector<VersionRange::Bound>& bounds, std::string_view word)
{
    const char kind = word.front();
    if (kind == '^' || kind == '~') {
        const auto version = SemVer::parse(word.substr(1));
        if (!version) return false;
        bounds.push_back({Op::AtLeast, *version});
        bounds.push_back({Op::Less, above(*version, kind)});
        return true;
    }
    Op op = Op::Equal;
    size_t length = 0;
    for (const auto& [sign, meant] : {std::pair<std::string_view, Op>{">=", Op::AtLeast},
                                      {"<=", Op::AtMost},
                                      {">", Op::More},
                                      {"<", Op::Less},
                                      {"=", Op::Equal}}) {
        if (!word.starts_with(sign)) continue;
        op = meant;
        length = sign.size();
        break;
    }
    const auto version = SemVer::parse(word.substr(length));
    if (version) bounds.push_back({op, *version});
    return version.has_value();
}

bool isWithin(const VersionRange::Bound& bound, const SemVer& version)
{
    const auto order = version <=> bound.version;
    switch (bound.op) {
    case Op::Equal: return order == 0;
    case Op::Less: return order < 0;
    case Op::AtMost: return order <= 0;
    case Op::More: return order > 0;
    case Op::AtLeast: return order >= 0;
    }
    return false;
}

} // namespace

std::optional<SemVer> SemVer::parse(std::string_view text)
{
    SemVer version;
    if (text.starts_with('v')) text.remove_prefix(1);
    if (const size_t plus = text.find('+'); plus != std::string_view::npos) {
        version.build = text.substr(plus + 1);
        if (!areIdentifiers(parts(version.build))) return std::nullopt;
        text = text.substr(0, plus);
    }
    if (const size_t dash = text.find('-'); dash != std::string_view::npos) {
        version.pre = parts(text.substr(dash + 1));
        const auto wrong = [](const std::string& one) { return isNumber(one) && hasLeadingZero(one); };
        if (!areIdentifiers(version.pre) || std::ranges::any_of(version.pre, wrong)) return std::nullopt;
        text = text.substr(0, dash);
    }
    const std::vector<std::string> core = parts(text);
    if (core.size() != 3) return std::nullopt;
    const auto major = number(core[0]);
    const auto minor = number(core[1]);
    const auto patch = number(core[2]);
    if (!major || !minor || !patch) return std::nullopt;
    version.major = *major;
    version.minor = *minor;
    version.patch = *patch;
    return version;
}

std::string SemVer::text() const
{
    std::string out = fmt::format("{}.{}.{}", major, minor, patch);
    if (!pre.empty()) out += fmt::format("-{}", fmt::join(pre, "."));
    return build.empty() ? out : out + "+" + build;
}

std::weak_ordering SemVer::operator<=>(const SemVer& other) const
{
    if (major != other.major) return major <=> other.major;
    if (minor != other.minor) return minor <=> other.minor;
    if (patch != other.patch) return patch <=> other.patch;
    return comparePre(pre, other.pre);
}

std::optional<VersionRange> VersionRange::parse(std::string_view text)
{
    VersionRange range{.text = std::string(text)};
    bool any = false;
    size_t from = 0;
    while (from < text.size()) {
        const size_t end = std::min(text.find(' ', from), text.size());
        const std::string_view word = text.substr(from, end - from);
        from = end + 1;
        if (word.empty()) continue;
        any = true;
        if (word != "*" && !addBound(range.bounds, word)) return std::nullopt;
    }
    return any ? std::optional(std::move(range)) : std::nullopt;
}

bool VersionRange::holds(const SemVer& version) const
{
    return std::ranges::all_of(bounds, [&](const Bound& bound) { return isWithin(bound, version); });
}

} // namespace sluice
