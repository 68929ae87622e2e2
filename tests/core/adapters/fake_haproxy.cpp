// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/adapters/fake_haproxy.h"

#include <array>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/support/haproxy_words.h"

namespace sluice::test {

FakeHaproxy::FakeHaproxy()
    : m_wakeFd(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC))
{
    listenHere();
    m_thread = std::thread([this] { run(); });
}

FakeHaproxy::~FakeHaproxy()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_ending = true;
    }
    wake();
    m_thread.join();
    for (const Client& client : m_clients)
        ::close(client.fd);
    ::close(m_listener);
    ::close(m_wakeFd);
}

void FakeHaproxy::wake()
{
    eventfd_write(m_wakeFd, 1);
}

void FakeHaproxy::listenHere()
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    address.sun_path[m_folder.filePath("s").toStdString().copy(address.sun_path, sizeof(address.sun_path) - 1)] = 0;
    m_listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (::bind(m_listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || ::listen(m_listener, 64) != 0)
        qFatal("the fake proxy cannot listen");
}

adapters::RouterBinding FakeHaproxy::binding(const char* name) const
{
    adapters::RouterBinding out{.target = TargetId("checkout/production"), .name = name};
    out.config.address = address();
    out.config.service = "checkout";
    return out;
}

std::string FakeHaproxy::address() const
{
    return "unix:" + m_folder.filePath("s").toStdString();
}

void FakeHaproxy::setFault(Fault fault)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_fault = fault;
    }
    wake();
}

void FakeHaproxy::reload()
{
    const std::scoped_lock lock(m_mutex);
    for (Client& client : m_clients)
        client.stopping = true;
    ++m_pid;
    m_epoch = {{"checkout", "none"}};
    m_split = {{"none", "0"}};
    for (auto& [name, maint] : m_maint)
        maint = true;
}

void FakeHaproxy::restart()
{
    reload();
    {
        const std::scoped_lock lock(m_mutex);
        m_dropAll = true;
    }
    wake();
}

void FakeHaproxy::setSplit(const std::string& key, const std::string& value)
{
    const std::scoped_lock lock(m_mutex);
    m_split[key] = value;
}

std::string FakeHaproxy::epochToken() const
{
    const std::scoped_lock lock(m_mutex);
    return m_epoch.at("checkout");
}

std::string FakeHaproxy::split(const std::string& key) const
{
    const std::scoped_lock lock(m_mutex);
    const auto found = m_split.find(key);
    return found == m_split.end() ? "" : found->second;
}

bool FakeHaproxy::maint() const
{
    const std::scoped_lock lock(m_mutex);
    return m_maint.at("c1") && m_maint.at("c2");
}

std::vector<std::string> FakeHaproxy::lines() const
{
    const std::scoped_lock lock(m_mutex);
    return m_lines;
}

int FakeHaproxy::duplicates() const
{
    const std::scoped_lock lock(m_mutex);
    return m_duplicates;
}

void FakeHaproxy::run()
{
    while (true) {
        std::vector<pollfd> polls{{.fd = m_wakeFd, .events = POLLIN, .revents = 0}};
        {
            const std::scoped_lock lock(m_mutex);
            if (m_ending) return;
            if (std::exchange(m_dropAll, false)) {
                for (const Client& client : m_clients)
                    ::close(client.fd);
                m_clients.clear();
            }
            if (m_fault != Fault::Frozen) {
                polls.push_back({.fd = m_listener, .events = POLLIN, .revents = 0});
                for (const Client& client : m_clients)
                    polls.push_back({.fd = client.fd, .events = POLLIN, .revents = 0});
            }
        }
        ::poll(polls.data(), polls.size(), -1);
        eventfd_t woken = 0;
        eventfd_read(m_wakeFd, &woken);
        const std::scoped_lock lock(m_mutex);
        if (m_fault == Fault::Frozen) continue;
        const int fd = ::accept4(m_listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) m_clients.push_back({.fd = fd});
        std::erase_if(m_clients, [this](Client& client) {
            if (serve(client)) return false;
            ::close(client.fd);
            return true;
        });
    }
}

bool FakeHaproxy::serve(Client& client)
{
    std::array<char, 65536> buffer{};
    ssize_t got = 0;
    while ((got = ::recv(client.fd, buffer.data(), buffer.size(), 0)) != 0) {
        if (got < 0) break;
        client.in.append(buffer.data(), static_cast<size_t>(got));
    }
    for (size_t end = client.in.find('\n'); end != std::string::npos; end = client.in.find('\n')) {
        const std::string line = client.in.substr(0, end);
        client.in.erase(0, end + 1);
        if (!answer(client, line)) return false;
    }
    return got != 0; // what was sent before the caller left is carried out, as the real one does
}

bool FakeHaproxy::answer(Client& client, const std::string& line)
{
    const Fault fault = line == "prompt" ? Fault::None : std::exchange(m_fault, Fault::None);
    if (fault == Fault::CloseBeforeReply) {
        carryOut(client, line);
        return false;
    }
    std::string reply = fault == Fault::Garbage ? "\x01 what?\n" : carryOut(client, line);
    reply += "\n> ";
    if (fault == Fault::Truncated) reply.resize(reply.size() / 2);
    ::send(client.fd, reply.data(), reply.size(), MSG_NOSIGNAL);
    return fault != Fault::Truncated;
}

std::string FakeHaproxy::carryOut(const Client& client, const std::string& line)
{
    m_lines.push_back(line);
    const std::vector<std::string> words = support::wordsOf(line);
    if (line == "prompt") return "";
    if (line == "show map") return support::kShownMaps;
    if (line == "show info")
        return "Pid: " + std::to_string(client.stopping ? m_pid - 1 : m_pid) +
               "\nStopping: " + (client.stopping ? "1" : "0") + "\n";
    if (line.starts_with("show servers state")) return serverStates();
    if (line == "show backend") return "# name\nstable\ncanary\n";
    if (line.starts_with("show stat")) return "# pxname,svname,stot,req_tot,status\n" + words[2] + ",BACKEND,0,0,UP\n";
    if (words.size() >= 4 && words[1] == "map") return mapCommand(words);
    if (line.starts_with("set server canary/") && words.size() == 5) {
        if (words[3] == "state") m_maint[words[2].substr(7)] = words[4] == "maint";
        return "";
    }
    return "Unknown command.\n";
}

std::string FakeHaproxy::mapCommand(const std::vector<std::string>& words)
{
    auto& map = words[2].ends_with("epoch.map") ? m_epoch : m_split;
    const auto found = map.find(words[3]);
    if (words[0] == "get") {
        if (found == map.end()) return "type=str, case=sensitive, found=no\n";
        return "type=str, case=sensitive, found=yes, idx=tree, key=\"" + words[3] + "\", value=\"" + found->second +
               "\", type=\"str\"\n";
    }
    if (words[0] == "set" && found == map.end()) return "entry not found.\n";
    if (words[0] == "add" && found != map.end()) ++m_duplicates;
    map[words[3]] = words.at(4);
    return "";
}

std::string FakeHaproxy::serverStates() const
{
    std::string out = support::kServersHeader;
    for (const auto& [name, maint] : m_maint)
        out += "canary " + name + (maint ? " 0 1 1 14\n" : " 2 0 1 6\n");
    return out;
}

} // namespace sluice::test
