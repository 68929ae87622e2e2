// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/sha256.h"

#include <array>

#include <openssl/evp.h>

#include "core/base/check.h"

namespace sluice {

std::string sha256Hex(std::string_view bytes)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    SLUICE_CHECK(EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) == 1);

    constexpr std::string_view kHex = "0123456789abcdef";
    std::string text;
    text.reserve(size_t{length} * 2);
    for (unsigned int at = 0; at < length; ++at) {
        text += kHex[digest[at] >> 4U];
        text += kHex[digest[at] & 0xFU];
    }
    return text;
}

} // namespace sluice
