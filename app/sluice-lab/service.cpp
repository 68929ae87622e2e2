// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluice-lab/service.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <thread>

#include <fmt/format.h>
#include <httplib.h>
#include <nlohmann/json.hpp>

#include "app/sluice-lab/replica_page.h"
#include "app/sluice-lab/service_metrics.h"
#include "app/sluice-lab/service_model.h"

namespace sluice::app::lab {

namespace {

// The library's defaults (8 threads, 5 requests a connection, Nagle) queue by themselves at +400 ms. A thread stays
// with its connection, idle or not, so the proxies' maxconn is derived from this.
constexpr size_t kThreads = kServiceThreads;
constexpr size_t kRequestsPerConnection = 1'000'000'000;
constexpr time_t kIdleSeconds = 3'600; // longer than any proxy keeps an idle connection, so the proxy closes first
// Two failed checks of the proxies (500 ms apart) take a draining replica out of their rotation.
constexpr time_t kDrainMs = 1'300;
constexpr int kMaxLastRequestWaits = 100; // × 20 ms for requests that are still being answered
constexpr long kLastRequestWaitMs = 20;

Duration monotonic()
{
    return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch());
}

/// The library listens with a backlog of 5: on a busy machine a burst of connections would be answered a second
/// late, after the kernel's retransmission, and look like a slow release.
class PatientServer : public httplib::Server {
public:
    bool bindPatiently(int port) { return bind_to_port("127.0.0.1", port) && ::listen(svr_sock_, SOMAXCONN) == 0; }
};

class Service {
public:
    Service(ServiceOptions options, ReplicaPage& page)
        : m_options(std::move(options))
        , m_page(page)
        , m_metrics(m_options.track, m_options.version)
        , m_seed(userHash(m_options.slot + m_options.version))
    {
        m_server.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
        m_server.set_keep_alive_max_count(kRequestsPerConnection);
        m_server.set_keep_alive_timeout(kIdleSeconds);
        m_server.set_tcp_nodelay(true);
        m_server.set_default_headers(
            {{"X-Version", m_options.version}, {"X-Track", trackName(m_options.track)}, {"X-Replica", m_options.slot}});
        m_server.Get("/", [this](const auto& request, auto& response) { answer(request, response); });
        m_server.Get("/health", [this](const auto&, auto& response) { health(response); });
        m_server.Get("/ready", [this](const auto&, auto& response) { ready(response); });
        m_server.Get("/metrics", [this](const auto&, auto& response) {
            response.set_content(m_metrics.text(m_page.fault(), monotonic()), "text/plain; version=0.0.4");
        });
    }

    int run(const sigset_t& ending);

private:
    void answer(const httplib::Request& request, httplib::Response& response);
    void health(httplib::Response& response);
    void ready(httplib::Response& response);
    void noteUser(const httplib::Request& request);

    const ServiceOptions m_options;
    ReplicaPage& m_page;
    ServiceMetrics m_metrics;
    const uint64_t m_seed;
    std::atomic<uint64_t> m_number{0};
    PatientServer m_server{};
};

void Service::noteUser(const httplib::Request& request)
{
    const std::string user = request.get_header_value("X-User-Id");
    if (user.empty()) return;
    const uint64_t hash = userHash(user);
    m_page.noteUser(hash);
    const bool lost = static_cast<int64_t>(hash % 1'000'000) < m_page.usersLostPpm;
    if (!lost) m_metrics.userSeen(hash, monotonic());
}

void Service::answer(const httplib::Request& request, httplib::Response& response)
{
    if (request.has_header(kProbeHeader)) {
        ++m_page.probes;
        response.set_content("probe\n", "text/plain");
        return;
    }
    const Duration begun = monotonic();
    m_metrics.requestBegins();
    noteUser(request);
    const RequestPlan plan = planRequest(m_seed, ++m_number, m_page.fault());
    std::this_thread::sleep_for(plan.latency); // the whole work of this service
    ++m_page.requests;
    if (plan.error) {
        ++m_page.errors;
        response.status = 500;
    }
    if (plan.payment) {
        ++m_page.payments;
        if (plan.paymentFails) ++m_page.paymentFailures;
        m_metrics.payment(plan.paymentFails);
    }
    response.set_content(plan.error ? "failed\n" : "ok\n", "text/plain");
    m_metrics.requestEnds(plan.error, monotonic() - begun);
}

void Service::health(httplib::Response& response)
{
    const bool failing = m_page.unhealthy != 0;
    response.status = failing ? 503 : 200;
    const nlohmann::json body{{"status", failing ? "failing" : "ok"}, {"version", m_options.version}};
    response.set_content(body.dump() + "\n", "application/json");
}

void Service::ready(httplib::Response& response)
{
    const bool yes = m_page.ready != 0 && m_page.unhealthy == 0;
    response.status = yes ? 200 : 503;
    response.set_content(yes ? "ready\n" : "not ready\n", "text/plain");
}

int Service::run(const sigset_t& ending)
{
    if (!m_server.bindPatiently(m_options.port)) {
        fmt::print(stderr, "{}: port {} cannot be bound\n", m_options.slot, m_options.port);
        return EXIT_FAILURE;
    }
    std::thread([this] { m_server.listen_after_bind(); }).detach();
    m_page.ready = 1;
    int signal = 0;
    sigwait(&ending, &signal);
    m_page.ready = 0; // the proxies see it within two checks and send nothing new
    timespec drain{kDrainMs / 1000, kDrainMs % 1000 * 1'000'000};
    sigtimedwait(&ending, nullptr, &drain); // asked twice: no more patience
    const timespec step{0, kLastRequestWaitMs * 1'000'000};
    for (int waits = 0; m_metrics.inFlight() > 0 && waits < kMaxLastRequestWaits; ++waits)
        nanosleep(&step, nullptr);
    return EXIT_SUCCESS;
}

} // namespace

int runService(const ServiceOptions& options)
{
    sigset_t ending;
    sigemptyset(&ending);
    sigaddset(&ending, SIGTERM);
    sigaddset(&ending, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ending, nullptr);

    const auto page = SharedPage::open(options.pageFd);
    if (!page) {
        fmt::print(stderr, "{}\n", page.error().detail);
        return EXIT_FAILURE;
    }
    Service service(options, *page.value());
    const int code = service.run(ending);
    // Idle connections hold their threads until the peer closes them; nothing is left to save, so do not wait.
    std::_Exit(code);
}

} // namespace sluice::app::lab
