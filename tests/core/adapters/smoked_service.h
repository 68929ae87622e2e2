// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include <httplib.h>

namespace sluice::test {

/// A service to be smoke tested, on a free loopback port of this process: health, a login whose token opens a second
/// address, what answers wrongly, and what does not answer before `release()`.
class SmokedService {
public:
    static constexpr const char* kToken = "token-0815";
    static constexpr const char* kKey = "key-1"; ///< what opens the login

    SmokedService()
    {
        using httplib::Request;
        using httplib::Response;
        set("/api/health", 200, R"({"status":"ok","version":"v2","dependencies":{"redis":true}})");
        set("/api/custom", 500, "{}");
        set("/api/text", 200, "hello");
        const auto login = [](const Request& request, Response& response) {
            const bool right =
                request.body == R"({"user":"smoke","key":"key-1"})" || request.get_header_value("X-Api-Key") == kKey;
            response.status = right ? 200 : 401;
            response.set_content(right ? R"({"token":"token-0815"})" : "{}", "application/json");
        };
        const auto me = [](const Request& request, Response& response) {
            const bool right = request.get_header_value("Authorization") == std::string("Bearer ") + kToken;
            response.status = right ? 200 : 401;
            response.set_content(std::string(R"({"echo":")") + kToken + R"("})", "application/json");
        };
        for (const char* path : {"/login", "/api/auth/token"})
            m_server.Post(path, login);
        for (const char* path : {"/me", "/api/auth/me"})
            m_server.Get(path, me);
        m_server.Get("/api/auth/key", [](const Request& request, Response& response) {
            response.status = request.get_header_value("X-Api-Key") == kKey ? 200 : 401;
        });
        m_server.Get("/hangs", [this](const Request&, Response&) {
            std::unique_lock lock(m_mutex);
            ++m_hanging;
            m_released.notify_all();
            m_released.wait(lock, [this] { return m_free; });
        });
        m_server.Get("/.*", [this](const Request& request, Response& response) {
            const std::scoped_lock lock(m_mutex);
            const auto found = m_answers.find(request.path);
            response.status = found == m_answers.end() ? 404 : found->second.first;
            response.set_content(found == m_answers.end() ? "" : found->second.second, "application/json");
        });
        m_port = m_server.bind_to_any_port("127.0.0.1");
        m_thread = std::thread([this] { m_server.listen_after_bind(); });
        while (!m_server.is_running())
            std::this_thread::yield();
    }
    ~SmokedService()
    {
        release();
        m_server.stop();
        m_thread.join();
    }

    std::string url() const { return "http://127.0.0.1:" + std::to_string(m_port); }
    std::string address() const { return "127.0.0.1:" + std::to_string(m_port); }
    /// What GET of this path answers from now on.
    void set(const std::string& path, int status, const std::string& body)
    {
        const std::scoped_lock lock(m_mutex);
        m_answers[path] = {status, body};
    }
    /// Until somebody hangs.
    void waitForHanging()
    {
        std::unique_lock lock(m_mutex);
        m_released.wait(lock, [this] { return m_hanging > 0; });
    }
    void release()
    {
        const std::scoped_lock lock(m_mutex);
        m_free = true;
        m_released.notify_all();
    }

private:
    httplib::Server m_server{};
    std::thread m_thread{};
    int m_port{0};
    std::mutex m_mutex{};
    std::condition_variable m_released{};
    int m_hanging{0};                                               // guarded by m_mutex
    bool m_free{false};                                             // guarded by m_mutex
    std::map<std::string, std::pair<int, std::string>> m_answers{}; // guarded by m_mutex
};

} // namespace sluice::test
