// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/text_check.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include <fmt/format.h>

namespace sluice {

namespace {

struct Decoded {
    char32_t code{0};
    size_t length{0}; ///< 0: not UTF-8
};

bool isContinuation(unsigned char byte)
{
    return (byte & 0xC0U) == 0x80U;
}

/// One code point of well-formed UTF-8 (Unicode 15, table 3-7).
Decoded decode(std::string_view text, size_t at)
{
    const auto lead = static_cast<unsigned char>(text[at]);
    if (lead < 0x80) return {lead, 1};
    if (lead < 0xC2 || lead > 0xF4) return {};
    const size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (at + length > text.size()) return {};
    char32_t code = lead & (0xFFU >> (length + 1));
    for (size_t i = 1; i < length; ++i) {
        const auto byte = static_cast<unsigned char>(text[at + i]);
        if (!isContinuation(byte)) return {};
        code = code << 6U | (byte & 0x3FU);
    }
    constexpr std::array<char32_t, 5> kSmallest{0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    if (code < kSmallest[length] || code > 0x10FFFF || surrogate) return {};
    return {code, length};
}

bool isControl(char32_t code)
{
    return (code < 0x20 && code != '\t' && code != '\n') || (code >= 0x7F && code < 0xA0);
}

/// Embeddings, overrides and isolates (Unicode TR 9) and the deprecated format characters.
bool turnsDirection(char32_t code)
{
    return (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x206F);
}

bool isLineSeparator(char32_t code)
{
    return code == 0x2028 || code == 0x2029;
}

/// Takes no room on the screen, so two texts with and without it look alike.
bool isInvisible(char32_t code)
{
    return (code >= 0x200B && code <= 0x200F) || code == 0x2060 || code == 0xFEFF || code == 0x061C || code == 0xAD;
}

std::string faultOf(char32_t code)
{
    const std::string point = fmt::format("U+{:04X}", static_cast<uint32_t>(code));
    if (turnsDirection(code)) return point + " changes the reading direction of the text; remove it";
    if (isLineSeparator(code)) return point + " is a hidden line break; remove it";
    if (isControl(code)) return point + " is a control character; remove it";
    return {};
}

bool isNameStart(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}
bool isNameChar(char c)
{
    return isNameStart(c) || c == '_' || c == '-' || c == '.';
}

/// Optimal string alignment distance: insert, delete, replace, swap neighbours.
size_t editDistance(std::string_view a, std::string_view b)
{
    std::vector<size_t> before(b.size() + 1);
    std::vector<size_t> last(b.size() + 1);
    std::vector<size_t> row(b.size() + 1);
    for (size_t j = 0; j <= b.size(); ++j)
        last[j] = j;
    for (size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (size_t j = 1; j <= b.size(); ++j) {
            const size_t replace = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, replace});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
        before.swap(last);
        last.swap(row);
    }
    return last[b.size()];
}

} // namespace

std::optional<TextFault> findTextFault(std::string_view text)
{
    for (size_t at = 0; at < text.size();) {
        if (text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n') {
            at += 2;
            continue;
        }
        const Decoded decoded = decode(text, at);
        if (decoded.length == 0) {
            return TextFault{at, fmt::format("byte 0x{:02X} is not valid UTF-8", static_cast<unsigned char>(text[at]))};
        }
        std::string fault = faultOf(decoded.code);
        if (!fault.empty()) return TextFault{at, std::move(fault)};
        at += decoded.length;
    }
    return std::nullopt;
}

std::optional<std::string> nameFault(std::string_view name)
{
    if (name.empty()) return "a name is missing";
    if (name.size() > kMaxNameLength) return fmt::format("a name has at most {} characters", kMaxNameLength);
    if (isNameStart(name.front()) && std::ranges::all_of(name, isNameChar)) return std::nullopt;
    return fmt::format("'{}' is not a name; use a-z, 0-9, '_', '-', '.', beginning with a letter or digit",
                       quotedForPeople(name));
}

std::optional<std::string> versionFault(std::string_view version)
{
    if (version.empty()) return "a version is missing";
    if (version.size() > kMaxVersionLength)
        return fmt::format("a version has at most {} characters", kMaxVersionLength);
    const auto isWord = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    };
    const auto isPart = [&](char c) { return isWord(c) || c == '.' || c == '_' || c == '-' || c == '+'; };
    if (isWord(version.front()) && std::ranges::all_of(version, isPart)) return std::nullopt;
    return fmt::format("'{}' is not a version; use letters, digits, '.', '_', '-', '+', beginning with a letter or "
                       "digit, like v2.4.0",
                       quotedForPeople(version));
}

std::string quotedForPeople(std::string_view text, size_t limit)
{
    std::string shown;
    size_t count = 0;
    for (size_t at = 0; at < text.size(); ++count) {
        if (count == limit) return shown + "…";
        const Decoded decoded = decode(text, at);
        const bool hides = decoded.length == 0 || isInvisible(decoded.code) || !faultOf(decoded.code).empty() ||
                           decoded.code == '\n' || decoded.code == '\t';
        if (!hides) {
            shown += text.substr(at, decoded.length);
        } else if (decoded.length == 0) {
            shown += fmt::format("\\x{:02X}", static_cast<unsigned char>(text[at]));
        } else {
            shown += fmt::format("U+{:04X}", static_cast<uint32_t>(decoded.code));
        }
        at += std::max<size_t>(decoded.length, 1);
    }
    return shown;
}

std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates)
{
    if (word.size() > kMaxNameLength) return std::nullopt;
    const std::string* best = nullptr;
    size_t bestDistance = 0;
    for (const std::string& candidate : candidates) {
        const size_t distance = editDistance(word, candidate);
        const size_t allowed = std::max<size_t>(1, std::max(word.size(), candidate.size()) / 3);
        if (distance > allowed || distance >= candidate.size()) continue;
        if (best == nullptr || distance < bestDistance) {
            best = &candidate;
            bestDistance = distance;
        }
    }
    if (best == nullptr) return std::nullopt;
    return *best;
}

std::string didYouMean(std::string_view word, const std::vector<std::string>& candidates)
{
    const auto found = nearest(word, candidates);
    return found ? "; did you mean '" + *found + "'?" : std::string();
}

} // namespace sluice
