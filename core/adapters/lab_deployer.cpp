// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/adapters/lab_deployer.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/adapters/haproxy_address.h"
#include "core/adapters/plain_text.h"
#include "core/adapters/system_clock.h"

namespace sluice::adapters {

namespace {

std::string trackName(Track track)
{
    return track == Track::Canary ? "canary" : "stable";
}

rollout::WorkloadFact unknown(std::string problem)
{
    return {.problem = std::move(problem)};
}

/// The answer's object, or what the lab or its socket said instead.
Result<nlohmann::json> ask(const std::string& socket, const nlohmann::json& question)
{
    const auto answer = askLine(socket, question.dump(), LabBackend::kLimit, LabBackend::kMaxAnswer);
    if (!answer) return answer.error();
    try {
        nlohmann::json json = nlohmann::json::parse(answer.value());
        if (json.at("ok").get<bool>()) return json;
        return Error{Fault::Refused, plainText(json.value("error", "the lab refused without a reason"))};
    } catch (const nlohmann::json::exception&) {
        return Error{Fault::Unknown, "the lab's answer is not understood"};
    }
}

bool waitFor(int fd, short events, BootTime until)
{
    const Duration left = until - SystemClock().now().boot;
    if (left <= Duration(0)) return false;
    pollfd poll{.fd = fd, .events = events, .revents = 0};
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(left);
    return ::poll(&poll, 1, static_cast<int>(ms.count())) == 1;
}

Result<std::string> converse(int fd, const std::string& line, BootTime until, size_t maxAnswer)
{
    std::string out = line + "\n";
    while (!out.empty()) {
        const ssize_t sent = send(fd, out.data(), out.size(), MSG_NOSIGNAL);
        if (sent > 0)
            out.erase(0, static_cast<size_t>(sent));
        else if (errno != EAGAIN && errno != EINTR)
            return Error{Fault::Unknown, std::strerror(errno)};
        else if (!waitFor(fd, POLLOUT, until))
            return Error{Fault::Unknown, "no answer in time"};
    }
    std::string answer;
    std::array<char, 4096> buffer{};
    while (answer.find('\n') == std::string::npos) {
        if (!waitFor(fd, POLLIN, until)) return Error{Fault::Unknown, "no answer in time"};
        const ssize_t got = recv(fd, buffer.data(), buffer.size(), 0);
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
        if (got <= 0) return Error{Fault::Unknown, "the connection closed before the answer"};
        answer.append(buffer.data(), static_cast<size_t>(got));
        if (answer.size() > maxAnswer) return Error{Fault::Unknown, "the answer is too large"};
    }
    return answer.substr(0, answer.find('\n'));
}

} // namespace

Result<std::string> askLine(const std::string& socket, const std::string& line, Duration limit, size_t maxAnswer)
{
    const BootTime until = SystemClock().now().boot + limit;
    const auto parsed = parseHaproxyAddress("unix:" + socket);
    if (!parsed) return parsed.error();
    const auto address = AddressLookup(parsed.value()).get();
    if (!address || !address.value()) return Error{Fault::Unreachable, "the socket path is not usable"};
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return Error{Fault::Unreachable, std::strerror(errno)};
    const SocketAddress& to = *address.value();
    Result<std::string> answer = Error{Fault::Unreachable, "not connected"};
    if (connect(fd, reinterpret_cast<const sockaddr*>(&to.storage), to.length) == 0)
        answer = converse(fd, line, until, maxAnswer);
    else
        answer = Error{Fault::Unreachable, fmt::format("{}: {}", socket, std::strerror(errno))};
    close(fd);
    return answer;
}

rollout::WorkloadFact LabBackend::deploy(const ports::WorkloadOrder& order, const std::atomic<bool>& stop)
{
    nlohmann::json question{{"do", "deploy"}, {"track", trackName(order.track)}, {"version", order.version}};
    if (order.instances >= 0) question["instances"] = order.instances;
    const auto answer = ask(m_socket, question);
    if (!answer) return unknown("The lab did not deploy: " + answer.error().detail + ".");
    return status(order.target, order.track, stop);
}

rollout::WorkloadFact LabBackend::status(const TargetId&, Track track, const std::atomic<bool>&)
{
    const auto answer = ask(m_socket, {{"do", "status"}});
    if (!answer)
        return unknown("The lab does not answer: " + answer.error().detail +
                       ". It may have ended by itself; 'sluice-lab up --dir " +
                       m_socket.substr(0, m_socket.rfind('/')) + "' starts it again.");
    try {
        const nlohmann::json& json = answer.value().at("tracks").at(trackName(track));
        return {.known = true,
                .version = json.at("version").get<std::string>(),
                .ready = json.at("ready").get<int>(),
                .wanted = json.at("wanted").get<int>()};
    } catch (const nlohmann::json::exception&) {
        return unknown("The lab's status is not understood.");
    }
}

std::unique_ptr<ports::WorkloadController> makeLabDeployer(std::string socket, ports::Sink sink,
                                                           const ports::Clock& clock)
{
    return std::make_unique<WorkloadLoop>(std::make_unique<LabBackend>(std::move(socket)), std::move(sink), clock,
                                          LabBackend::kStatusEvery);
}

} // namespace sluice::adapters
