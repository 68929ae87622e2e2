// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/proxy_farm.h"

#include <array>

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/base/check.h"
#include "tests/support/haproxy_words.h"

namespace sluice::bench {

namespace {

constexpr int kEventsAtOnce = 256;

/// Three files a proxy: its socket and both ends of the connection.
void allowFiles()
{
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

} // namespace

ProxyFarm::ProxyFarm(int proxies, std::chrono::microseconds roundTrip)
    : m_roundTrip(roundTrip)
    , m_epoll(epoll_create1(EPOLL_CLOEXEC))
    , m_wake(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC))
{
    allowFiles();
    for (int i = 0; i < proxies; ++i) {
        m_proxies.push_back(std::make_unique<Proxy>());
        listenAt(*m_proxies.back(), socketOf(i));
    }
    epoll_event event{.events = EPOLLIN, .data = {.fd = m_wake}};
    epoll_ctl(m_epoll, EPOLL_CTL_ADD, m_wake, &event);
    m_thread = std::thread([this] { run(); });
}

ProxyFarm::~ProxyFarm()
{
    m_ending = true;
    eventfd_write(m_wake, 1);
    m_thread.join();
    for (const auto& [fd, client] : m_clients)
        ::close(fd);
    for (const auto& proxy : m_proxies)
        ::close(proxy->listener);
    ::close(m_wake);
    ::close(m_epoll);
}

std::string ProxyFarm::socketOf(int proxy) const
{
    return m_folder.filePath(QString::number(proxy)).toStdString();
}

adapters::RouterBinding ProxyFarm::binding(int proxy, const TargetId& target, const std::string& name) const
{
    adapters::RouterBinding out{.target = target, .name = name, .config = {}};
    out.config.address = "unix:" + socketOf(proxy);
    out.config.service = "checkout";
    return out;
}

void ProxyFarm::listenAt(Proxy& proxy, const std::string& path) const
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof(address.sun_path) - 1);
    proxy.listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    SLUICE_CHECK(::bind(proxy.listener, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    SLUICE_CHECK(::listen(proxy.listener, 16) == 0);
    epoll_event event{.events = EPOLLIN, .data = {.fd = proxy.listener}};
    epoll_ctl(m_epoll, EPOLL_CTL_ADD, proxy.listener, &event);
}

int ProxyFarm::waitMs() const
{
    if (m_answers.empty()) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(m_answers.front().due - Clock::now());
    return static_cast<int>(std::max<int64_t>(0, left.count()));
}

void ProxyFarm::run()
{
    std::map<int, Proxy*> listeners;
    for (const auto& proxy : m_proxies)
        listeners[proxy->listener] = proxy.get();
    std::array<epoll_event, kEventsAtOnce> events{};
    while (!m_ending) {
        const int count = epoll_wait(m_epoll, events.data(), kEventsAtOnce, waitMs());
        for (int i = 0; i < count; ++i) {
            const int fd = events[static_cast<size_t>(i)].data.fd;
            if (const auto listener = listeners.find(fd); listener != listeners.end()) accept(*listener->second);
            const auto client = m_clients.find(fd);
            if (client == m_clients.end() || serve(client->second)) continue;
            ::close(fd);
            m_clients.erase(client);
        }
        sendDue();
    }
}

void ProxyFarm::accept(Proxy& proxy)
{
    const int fd = ::accept4(proxy.listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return;
    m_clients[fd] = {.fd = fd, .proxy = &proxy, .in = {}};
    epoll_event event{.events = EPOLLIN, .data = {.fd = fd}};
    epoll_ctl(m_epoll, EPOLL_CTL_ADD, fd, &event);
}

bool ProxyFarm::serve(Client& client)
{
    if (client.proxy->frozen) { // what it was sent stays in its socket
        epoll_ctl(m_epoll, EPOLL_CTL_DEL, client.fd, nullptr);
        return true;
    }
    std::array<char, 65536> buffer{};
    const ssize_t got = ::recv(client.fd, buffer.data(), buffer.size(), 0);
    if (got == 0) return false;
    if (got < 0) return true;
    client.in.append(buffer.data(), static_cast<size_t>(got));
    std::string out;
    size_t begin = 0;
    for (size_t end = client.in.find('\n'); end != std::string::npos; end = client.in.find('\n', begin)) {
        out += carryOut(*client.proxy, client.in.substr(begin, end - begin)) + "\n> ";
        begin = end + 1;
    }
    client.in.erase(0, begin);
    if (m_roundTrip.count() == 0)
        ::send(client.fd, out.data(), out.size(), MSG_NOSIGNAL);
    else
        m_answers.push_back({Clock::now() + m_roundTrip, client.fd, std::move(out)});
    return true;
}

void ProxyFarm::sendDue()
{
    while (!m_answers.empty() && m_answers.front().due <= Clock::now()) {
        const Answer& answer = m_answers.front();
        if (m_clients.contains(answer.fd)) ::send(answer.fd, answer.bytes.data(), answer.bytes.size(), MSG_NOSIGNAL);
        m_answers.pop_front();
    }
}

std::string ProxyFarm::carryOut(Proxy& proxy, const std::string& line)
{
    const std::vector<std::string> words = support::wordsOf(line);
    if (line == "prompt") return "";
    if (line == "show map") return support::kShownMaps;
    if (line == "show info") return "Pid: 100\nStopping: 0\n";
    if (line.starts_with("show servers state")) {
        std::string out = support::kServersHeader;
        for (const auto& [name, maint] : proxy.maint)
            out += "canary " + name + (maint ? " 0 1 1 14\n" : " 2 0 1 6\n");
        return out;
    }
    if (line.starts_with("show stat"))
        return "# pxname,svname,stot,req_tot,status\n" + words.at(2) + ",BACKEND,0,0,UP\n";
    if (words.size() >= 4 && words[1] == "map") return mapCommand(proxy, words);
    if (line.starts_with("set server canary/") && words.size() == 5) {
        if (words[3] == "state") proxy.maint[words[2].substr(7)] = words[4] == "maint";
        return "";
    }
    return "Unknown command.\n";
}

std::string ProxyFarm::mapCommand(Proxy& proxy, const std::vector<std::string>& words)
{
    const bool isEpoch = words[2].ends_with("epoch.map");
    auto& map = isEpoch ? proxy.epoch : proxy.split;
    const auto found = map.find(words[3]);
    if (words[0] == "get") {
        if (found == map.end()) return "type=str, case=sensitive, found=no\n";
        return "type=str, case=sensitive, found=yes, idx=tree, key=\"" + words[3] + "\", value=\"" + found->second +
               "\", type=\"str\"\n";
    }
    if (words[0] == "set" && found == map.end()) return "entry not found.\n";
    map[words[3]] = words.at(4);
    if (!isEpoch && words[0] == "set" && words[4] == "0") ++proxy.zeroed;
    return "";
}

} // namespace sluice::bench
