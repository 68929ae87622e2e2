// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/adapters/plain_text.h"

#include <array>
#include <cstdint>

namespace sluice::adapters {

namespace {

/// Length of the valid UTF-8 character at the start of `text`; 0 when there is none (RFC 3629: no surrogates, no
/// longer form than needed, nothing above U+10FFFF).
size_t characterLength(std::string_view text)
{
    const auto byte = [text](size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    if (first < 0x80) return 1;
    const size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
    if (length == 0 || first > 0xf4 || text.size() < length) return 0;
    static constexpr std::array<unsigned, 5> kMask{0, 0, 0x1f, 0x0f, 0x07};
    static constexpr std::array<uint32_t, 5> kLeast{0, 0, 0x80, 0x800, 0x10000};
    uint32_t code = first & kMask[length];
    for (size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0) != 0x80) return 0;
        code = code << 6 | (byte(i) & 0x3fU);
    }
    const bool surrogate = code >= 0xd800 && code <= 0xdfff;
    return code < kLeast[length] || code > 0x10ffff || surrogate ? 0 : length;
}

} // namespace

std::string plainText(std::string_view text, size_t maxBytes)
{
    std::string out;
    while (!text.empty()) {
        const size_t length = characterLength(text);
        const std::string_view character = text.substr(0, length == 0 ? 1 : length);
        if (out.size() + character.size() > maxBytes) break;
        const unsigned char first = static_cast<unsigned char>(character[0]);
        const bool control = first < 0x20 || first == 0x7f ||
                             (first == 0xc2 && static_cast<unsigned char>(character[character.size() - 1]) < 0xa0);
        if (length == 0)
            out += '?';
        else if (control)
            out += ' ';
        else
            out += character;
        text.remove_prefix(character.size());
    }
    return out;
}

} // namespace sluice::adapters
