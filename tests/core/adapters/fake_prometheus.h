// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include <httplib.h>

namespace sluice::test {

/// An HTTP server on a free loopback port in this process. `onQuery` answers POST /api/v1/query; everything asked is
/// counted.
class FakePrometheus {
public:
    using Handler = std::function<void(const httplib::Request&, httplib::Response&)>;

    FakePrometheus()
    {
        m_server.Post("/api/v1/query", [this](const httplib::Request& request, httplib::Response& response) {
            ++queries;
            {
                const std::scoped_lock lock(m_mutex);
                m_lastQuery = request.get_param_value("query");
                m_lastAuthorization = request.get_header_value("Authorization");
            }
            handler()(request, response);
        });
        m_server.Get("/api/v1/targets", [this](const httplib::Request&, httplib::Response& response) {
            const std::scoped_lock lock(m_mutex);
            response.status = m_targets.empty() ? 404 : 200;
            response.set_content(m_targets, "application/json");
        });
        m_port = m_server.bind_to_any_port("127.0.0.1");
        m_thread = std::thread([this] { m_server.listen_after_bind(); });
        while (!m_server.is_running())
            std::this_thread::yield();
    }
    ~FakePrometheus()
    {
        m_server.stop();
        m_thread.join();
    }

    httplib::Server& server() { return m_server; }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(m_port); }
    void onQuery(Handler handler)
    {
        const std::scoped_lock lock(m_mutex);
        m_handler = std::move(handler);
    }
    void answer(const std::string& body, int status = 200)
    {
        onQuery([=](const httplib::Request&, httplib::Response& response) {
            response.status = status;
            response.set_content(body, "application/json");
        });
    }
    void targets(const std::string& body)
    {
        const std::scoped_lock lock(m_mutex);
        m_targets = body;
    }
    std::string lastQuery() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_lastQuery;
    }
    std::string lastAuthorization() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_lastAuthorization;
    }

    std::atomic<int> queries{0};

private:
    Handler handler() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_handler;
    }

    httplib::Server m_server{};
    int m_port{0};
    mutable std::mutex m_mutex{};
    Handler m_handler{[](const httplib::Request&, httplib::Response& response) { response.status = 500; }};
    std::string m_targets{};
    std::string m_lastQuery{};
    std::string m_lastAuthorization{};
    std::thread m_thread{};
};

} // namespace sluice::test
