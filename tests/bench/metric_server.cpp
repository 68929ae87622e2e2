// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/metric_server.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/adapters/system_clock.h"

namespace sluice::bench {

namespace {

constexpr int kSamples = 3;
constexpr int kBuckets = 12;
constexpr int64_t kRequestsPerSecond = 100;

int64_t secondNow()
{
    return micros(adapters::SystemClock().now().wall) / 1'000'000;
}

} // namespace

MetricServer::MetricServer(int services, bool everything)
    : m_services(services)
    , m_everything(everything)
{
    m_server.targets(R"({"status":"success","data":{"activeTargets":[{"scrapeInterval":"1s"}]}})");
    m_server.server().set_pre_routing_handler([this](const httplib::Request&, httplib::Response&) {
        ++m_requests;
        return httplib::Server::HandlerResponse::Unhandled;
    });
    m_server.onQuery([this](const httplib::Request&, httplib::Response& response) {
        // Under the name of JSON the server would press it with brotli, which takes longer than a second.
        response.set_content(answer(), "application/octet-stream");
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
    std::string out = R"({"status":"success","data":{"resultType":"matrix","result":[)";
    const auto put = [&](const std::string& labels, auto valueAt) {
        out += fmt::format(R"({}{{"metric":{{{}}},"values":[)", out.back() == '[' ? "" : ",", labels);
        for (int64_t second = now - kSamples + 1; second <= now; ++second)
            out += fmt::format(R"({}[{}.000,"{}"])", second == now - kSamples + 1 ? "" : ",", second, valueAt(second));
        out += "]}";
    };
    for (int service = 0; service < m_services; ++service) {
        for (const bool canary : {false, true}) {
            const auto labels = [&](const char* name, const std::string& more = {}) {
                return fmt::format(R"("__name__":"{}","service":"s{}","track":"{}","instance":"i"{})", name, service,
                                   canary ? "canary" : "stable", more);
            };
            // The canary's requests change from one code to the other.
            const auto wrong = [=](int64_t second) {
                return canary ? std::max<int64_t>(0, second - bad) * kRequestsPerSecond : 0;
            };
            const auto all = [](int64_t second) { return second % 1'000'000'000 * kRequestsPerSecond; };
            put(labels("http_requests_total", R"(,"code":"200")"), [&](int64_t s) { return all(s) - wrong(s); });
            put(labels("http_requests_total", R"(,"code":"500")"), wrong);
            if (!m_everything) continue;
            put(labels("payments_total"), [&](int64_t s) { return all(s) / 5; });
            put(labels("payment_failures_total"), [&](int64_t s) { return all(s) / 5'000; });
            for (const char* gauge : {"cpu_ratio", "memory_ratio"})
                put(labels(gauge), [](int64_t s) { return fmt::format("0.{}", 30 + s % 7); });
            put(labels("active_users"), [](int64_t s) { return 900 + s % 13; });
            for (int bucket = 0; bucket < kBuckets; ++bucket) {
                const bool last = bucket == kBuckets - 1;
                const std::string le = last ? "+Inf" : fmt::format("{}", 0.01 * (1 << bucket));
                put(labels("http_request_duration_seconds_bucket", fmt::format(R"(,"le":"{}")", le)),
                    [&](int64_t s) { return all(s) / kBuckets * (bucket + 1) + (last ? all(s) % kBuckets : 0); });
            }
        }
    }
    return out + "]}}";
}

} // namespace sluice::bench
