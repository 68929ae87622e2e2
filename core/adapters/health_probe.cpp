// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/adapters/health_probe.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/adapters/plain_text.h"

namespace sluice::adapters {

namespace {

bool saysWell(std::string status)
{
    static constexpr std::array<std::string_view, 4> kWell{"ok", "up", "healthy", "pass"};
    std::ranges::transform(status, status.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return std::ranges::find(kWell, status) != kWell.end();
}

std::string textOf(const nlohmann::json& json, const char* key)
{
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? plainText(found->get<std::string>(), 100) : "";
}

} // namespace

ports::HealthAnswer judgeHealth(long httpStatus, std::string_view body, const std::string& expectedVersion)
{
    ports::HealthAnswer answer;
    const nlohmann::json json = nlohmann::json::parse(body, nullptr, false);
    if (json.is_object()) answer.version = textOf(json, "version");
    if (httpStatus != 200) {
        answer.problem = fmt::format("The health address answers HTTP {}.", httpStatus);
    } else if (!json.is_object()) {
        answer.problem = "The health address answers something that is not a JSON object.";
    } else if (!saysWell(textOf(json, "status"))) {
        answer.problem = fmt::format("The health status is “{}”.", textOf(json, "status"));
    } else if (answer.version != expectedVersion) {
        answer.problem = fmt::format("Version {} answers, {} is expected.",
                                     answer.version.empty() ? "(none)" : answer.version, expectedVersion);
    }
    answer.ok = answer.problem.empty();
    return answer;
}

HttpHealthProbe::HttpHealthProbe(ports::Sink sink)
    : m_sink(std::move(sink))
{
}

void HttpHealthProbe::probe(const TargetId& target, const std::string& url, const std::string& expectedVersion)
{
    {
        const std::scoped_lock lock(m_mutex);
        if (!m_underWay.insert(target).second) return;
    }
    const auto onReply = [this, target, expectedVersion](const HttpReply& reply) {
        ports::HealthAnswer answer;
        if (reply.outcome == HttpReply::Outcome::Answered)
            answer = judgeHealth(reply.status, reply.body, expectedVersion);
        else
            answer.problem = fmt::format("The health address does not answer: {}.", reply.problem);
        answer.target = target;
        {
            const std::scoped_lock lock(m_mutex);
            m_underWay.erase(target);
        }
        m_sink(std::move(answer));
    };
    if (m_http.send({.url = url, .limit = kLimit, .maxBytes = kMaxBytes}, onReply)) return;
    const std::scoped_lock lock(m_mutex);
    m_underWay.erase(target);
}

} // namespace sluice::adapters
