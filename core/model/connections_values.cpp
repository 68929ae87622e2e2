// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "core/model/connections_parts.h"
#include "core/model/text_check.h"

namespace sluice {

namespace {

bool isVariableName(std::string_view name)
{
    const auto fits = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    };
    return !name.empty() && name.size() <= kMaxNameLength && std::ranges::all_of(name, fits);
}

} // namespace

std::string resolved(const ConnectionsDraft& draft, std::string_view path)
{
    const std::filesystem::path folder(draft.connections.directory);
    return (folder / std::filesystem::path(path)).lexically_normal().string();
}

bool readSecret(const ConnectionsDraft& draft, const MapReader& map, std::string_view key, SecretRef& out)
{
    const std::string* text = map.scalar(key);
    if (text == nullptr) return false;
    const std::string_view value = *text;
    if (value.starts_with("env:") && isVariableName(value.substr(4))) {
        out = {SecretRef::Kind::Environment, std::string(value.substr(4))};
        return true;
    }
    if (value.starts_with("file:") && value.size() > 5 && value.size() < kMaxTextLength) {
        out = {SecretRef::Kind::File, resolved(draft, value.substr(5))};
        return true;
    }
    map.error(key, "a secret is never written here; write env:NAME or file:/path");
    return false;
}

bool readUrl(const MapReader& map, std::string_view key, std::string& out)
{
    std::string url;
    if (!map.text(key, url)) return false;
    const bool http = url.starts_with("http://") || url.starts_with("https://");
    const size_t host = url.find("//") + 2;
    if (!http || url.size() <= host || url[host] == '/' || url.find_first_of(" \n\t") != std::string::npos) {
        map.error(key,
                  fmt::format("'{}' is not an address; write it like http://127.0.0.1:9090", quotedForPeople(url)));
        return false;
    }
    if (url.substr(host, url.find('/', host) - host).find('@') != std::string::npos) {
        map.error(key, "an address holds no user and password; write the secret as token: env:NAME");
        return false;
    }
    out = std::move(url);
    return true;
}

bool readSocketPath(const ConnectionsDraft& draft, const MapReader& map, std::string_view key, std::string_view path,
                    std::string& out)
{
    std::string full = resolved(draft, path);
    if (path.empty() || full.size() > kMaxSocketPath) {
        map.error(key, path.empty() ? "the path of the socket is missing"
                                    : fmt::format("a socket path of {} bytes; Linux takes at most {}", full.size(),
                                                  kMaxSocketPath));
        return false;
    }
    out = std::move(full);
    return true;
}

} // namespace sluice
