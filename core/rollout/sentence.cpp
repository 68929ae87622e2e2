// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rollout/sentence.h"

namespace sluice::rollout {

namespace {

bool isContinuation(char byte)
{
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

size_t lengthOf(unsigned char lead)
{
    if (lead < 0x80U) return 1;
    if (lead >= 0xC2U && lead < 0xE0U) return 2;
    if (lead >= 0xE0U && lead < 0xF0U) return 3;
    if (lead >= 0xF0U && lead < 0xF5U) return 4;
    return 0;
}

/// Over-long forms, surrogates and what lies above U+10FFFF are not text (RFC 3629, section 4).
bool secondFits(unsigned char lead, unsigned char second)
{
    if (lead == 0xE0U) return second >= 0xA0U;
    if (lead == 0xEDU) return second < 0xA0U;
    if (lead == 0xF0U) return second >= 0x90U;
    if (lead == 0xF4U) return second < 0x90U;
    return true;
}

/// Bytes of the character that begins at `at`, 0 = none does.
size_t characterAt(std::string_view text, size_t at)
{
    const size_t length = lengthOf(static_cast<unsigned char>(text[at]));
    if (length == 0 || at + length > text.size()) return 0;
    for (size_t next = 1; next < length; ++next) {
        if (!isContinuation(text[at + next])) return 0;
    }
    const bool wellFormed =
        length < 2 || secondFits(static_cast<unsigned char>(text[at]), static_cast<unsigned char>(text[at + 1]));
    return wellFormed ? length : 0;
}

} // namespace

std::string filled(const Sentence& sentence)
{
    std::string text;
    for (size_t at = 0; at < sentence.text.size(); ++at) {
        const bool place = sentence.text[at] == '%' && at + 1 < sentence.text.size() && sentence.text[at + 1] >= '1' &&
                           sentence.text[at + 1] <= '9';
        if (!place) {
            text += sentence.text[at];
            continue;
        }
        const auto index = static_cast<size_t>(sentence.text[++at] - '1');
        if (index < sentence.arguments.size()) text += sentence.arguments[index];
    }
    return text;
}

std::string plainText(std::string_view text)
{
    std::string plain;
    for (size_t at = 0; at < text.size();) {
        const size_t length = characterAt(text, at);
        const bool control = length == 1 && (static_cast<unsigned char>(text[at]) < 0x20U || text[at] == 0x7F);
        if (plain.size() + length > kLongestText) break;
        if (length == 0)
            plain += '?';
        else if (control)
            plain += ' ';
        else
            plain += text.substr(at, length);
        at += length == 0 ? 1 : length;
    }
    return plain;
}

bool isPlainUtf8(std::string_view text)
{
    for (size_t at = 0; at < text.size();) {
        const size_t length = characterAt(text, at);
        if (length == 0) return false;
        at += length;
    }
    return true;
}

} // namespace sluice::rollout
