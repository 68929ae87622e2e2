// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluice-lab/prometheus_link.h"

#include <chrono>

#include <fmt/format.h>
#include <httplib.h>
#include <nlohmann/json.hpp>

#include "app/sluice-lab/layout.h"

namespace sluice::app::lab {

namespace {

constexpr auto kPatience = std::chrono::milliseconds(250);

std::string targets(const std::map<std::string, int>& ports, const char* label)
{
    std::string text = "    static_configs:\n";
    for (const auto& [name, port] : ports) {
        text += fmt::format("      - {{targets: ['127.0.0.1:{}'], labels: {{{}: '{}'}}}}\n", port, label, name);
    }
    return text;
}

} // namespace

std::string prometheusText(const ScrapePlan& plan)
{
    std::string text = "global:\n"
                       "  scrape_interval: 1s\n"
                       "  scrape_timeout: 900ms\n"
                       "scrape_configs:\n";
    text += fmt::format("  - job_name: {}\n", kService);
    text += targets(plan.services, "slot");
    text += "  - job_name: haproxy\n"
            "    params: {scope: [frontend, backend, server]}\n";
    return text + targets(plan.proxies, "proxy");
}

std::set<std::string> sampledSlots(int port)
{
    std::set<std::string> slots;
    httplib::Client client("127.0.0.1", port);
    client.set_connection_timeout(kPatience);
    client.set_read_timeout(kPatience);
    const auto answer = client.Get("/api/v1/query?query=http_requests_in_flight");
    if (!answer || answer->status != 200) return slots;
    const auto body = nlohmann::json::parse(answer->body, nullptr, false);
    if (!body.is_object()) return slots;
    for (const auto& series : body.value("/data/result"_json_pointer, nlohmann::json::array())) {
        slots.insert(series.value("/metric/slot"_json_pointer, std::string{}));
    }
    return slots;
}

} // namespace sluice::app::lab
