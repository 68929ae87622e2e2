// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/adapters/safe_file.h"

#include <nlohmann/json.hpp>

namespace sluice::adapters {

namespace {

constexpr size_t kMaxSafeFile = size_t{1} << 20;
constexpr int kFormat = 1;

nlohmann::json proxyJson(const SafeFile::Proxy& proxy)
{
    return {{"name", proxy.name},
            {"address", proxy.config.address},
            {"service", proxy.config.service},
            {"split", proxy.config.split == RouterConfig::Split::Map ? "map" : "weights"},
            {"stable_backend", proxy.config.stableBackend},
            {"canary_backend", proxy.config.canaryBackend},
            {"epoch_map", proxy.maps.epoch},
            {"split_map", proxy.maps.split},
            {"commands", proxy.commands}};
}

SafeFile::Proxy proxyFrom(const nlohmann::json& json)
{
    SafeFile::Proxy proxy;
    proxy.name = json.at("name").get<std::string>();
    proxy.config.address = json.at("address").get<std::string>();
    proxy.config.service = json.at("service").get<std::string>();
    proxy.config.split =
        json.at("split").get<std::string>() == "weights" ? RouterConfig::Split::Weights : RouterConfig::Split::Map;
    proxy.config.stableBackend = json.at("stable_backend").get<std::string>();
    proxy.config.canaryBackend = json.at("canary_backend").get<std::string>();
    proxy.maps.epoch = json.at("epoch_map").get<std::string>();
    proxy.maps.split = json.at("split_map").get<std::string>();
    proxy.commands = json.at("commands").get<std::vector<std::string>>();
    return proxy;
}

} // namespace

std::string writeSafeFile(const SafeFile& file)
{
    nlohmann::json proxies = nlohmann::json::array();
    for (const SafeFile::Proxy& proxy : file.proxies)
        proxies.push_back(proxyJson(proxy));
    const nlohmann::json json{
        {"format", kFormat}, {"target", file.target.value}, {"epoch", file.epoch}, {"proxies", std::move(proxies)}};
    // Names come from files that people write: bytes that are no UTF-8 must not stop the safe file.
    return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

Result<SafeFile> readSafeFile(std::string_view text)
{
    if (text.size() > kMaxSafeFile) return Error{Fault::BadInput, "The safe file is larger than 1 MiB."};
    try {
        const nlohmann::json json = nlohmann::json::parse(text);
        if (json.at("format").get<int>() != kFormat)
            return Error{Fault::BadInput, "The safe file was written by a newer Sluice."};
        SafeFile file;
        file.target = TargetId(json.at("target").get<std::string>());
        file.epoch = json.at("epoch").get<int64_t>();
        for (const nlohmann::json& proxy : json.at("proxies"))
            file.proxies.push_back(proxyFrom(proxy));
        return file;
    } catch (const nlohmann::json::exception& error) {
        return Error{Fault::BadInput, std::string("The safe file is damaged: ") + error.what() + "."};
    }
}

} // namespace sluice::adapters
