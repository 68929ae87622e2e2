// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/metric_server.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/adapters/system_clock.h"

namespace sluice::bench {

namespace {

constexpr int kSamples = 3;
constexpr int64_t kRequestsPerSecond = 100;

int64_t secondNow()
{
    return micros(adapters::SystemClock().now().wall) / 1'000'000;
}

} // namespace

MetricServer::MetricServer(int services)
    : m_services(services)
{
    m_server.targets(R"({"status":"success","data":{"activeTargets":[{"scrapeInterval":"1s"}]}})");
    m_server.server().set_pre_routing_handler([this](const httplib::Request&, httplib::Response&) {
        ++m_requests;
        return httplib::Server::HandlerResponse::Unhandled;
    });
    m_server.onQuery([this](const httplib::Request&, httplib::Response& response) {
        response.set_content(answer(), "application/json");
    });
}

void MetricServer::fail()
{
    m_badFrom = secondNow() + 1;
}

std::string MetricServer::answer() const
{
    const int64_t now = secondNow();
    const int64_t bad = m_badFrom;
    fmt::memory_buffer out;
    const auto add = [&out](const std::string& text) { out.append(text); };
    add(R"({"status":"success","data":{"resultType":"matrix","result":[)");
    for (int series = 0; series < m_services * 4; ++series) {
        const bool canary = series % 4 >= 2;
        const bool failed = series % 2 == 1;
        add(fmt::format(
            R"({}{{"metric":{{"__name__":"http_requests_total","service":"s{}","track":"{}","code":"{}","instance":"i"}},"values":[)",
            series == 0 ? "" : ",", series / 4, canary ? "canary" : "stable", failed ? 500 : 200));
        for (int64_t second = now - kSamples + 1; second <= now; ++second) {
            // The counters began a day ago; the canary's requests change from one code to the other.
            const int64_t all = (second % 1'000'000'000) * kRequestsPerSecond;
            const int64_t wrong = canary ? std::max<int64_t>(0, second - bad) * kRequestsPerSecond : 0;
            add(fmt::format(R"({}[{}.000,"{}"])", second == now - kSamples + 1 ? "" : ",", second,
                            failed ? wrong : all - wrong));
        }
        add("]}");
    }
    add("]}}");
    return fmt::to_string(out);
}

} // namespace sluice::bench
