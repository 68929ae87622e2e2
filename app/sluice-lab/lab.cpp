// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluice-lab/lab.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fstream>
#include <optional>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "app/sluice-lab/commands.h"
#include "app/sluice-lab/connections_text.h"
#include "app/sluice-lab/control.h"
#include "app/sluice-lab/lab_parts.h"
#include "app/sluice-lab/load.h"
#include "app/sluice-lab/prometheus_link.h"
#include "core/model/count_text.h"
#include "core/model/value.h"

namespace sluice::app::lab {

namespace {

constexpr int kTurnMs = 50;
constexpr auto kStartPatience = std::chrono::seconds(60);
constexpr Duration kWarnBefore = std::chrono::minutes(1);
constexpr auto kSampleLookEvery = std::chrono::milliseconds(200);

class Descriptor {
public:
    explicit Descriptor(int fd)
        : m_fd(fd)
    {
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor()
    {
        if (m_fd >= 0) close(m_fd);
    }
    int get() const { return m_fd; }

private:
    int m_fd;
};

double secondsSince(Clock::time_point begin)
{
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// "19:14:05" by the clock on the wall.
std::string localTimeIn(Duration length)
{
    const auto then = std::chrono::system_clock::now() + length;
    const std::time_t seconds = std::chrono::system_clock::to_time_t(then);
    std::tm parts{};
    localtime_r(&seconds, &parts);
    return fmt::format("{:02}:{:02}:{:02}", parts.tm_hour, parts.tm_min, parts.tm_sec);
}

/// The running lab: one loop in the main thread, which alone starts children.
class Lab {
public:
    Lab(const LabOptions& options, Children& children, LabParts& parts, ControlServer& control, Say say)
        : m_options(options)
        , m_children(children)
        , m_parts(parts)
        , m_control(control)
        , m_say(std::move(say))
        , m_commands(parts, m_say)
    {
    }

    Outcome run(int signals);

private:
    Outcome turn(int signals);
    Outcome lookForReady(Clock::time_point now);
    Outcome startLoad();
    void sayWhenItEnds();
    void warnBeforeTheEnd(Clock::time_point now);
    void waitForSomething(int signals);
    bool endSignalled(int signals);

    const LabOptions& m_options;
    Children& m_children;
    LabParts& m_parts;
    ControlServer& m_control;
    const Say m_say;
    Commands m_commands;
    std::optional<LoadGenerator> m_load{};
    const Clock::time_point m_begin{Clock::now()};
    Clock::time_point m_nextLook{};
    bool m_ready{false};
    bool m_ending{false};
    bool m_warned{false};
};

Outcome Lab::run(int signals)
{
    sayWhenItEnds();
    while (!m_ending) {
        if (const auto done = turn(signals); !done) return done;
    }
    m_say(fmt::format("lab ends after {:.1f} s", secondsSince(m_begin)));
    m_commands.setLoad(nullptr);
    m_load.reset();
    return Done{};
}

Outcome Lab::turn(int signals)
{
    waitForSomething(signals);
    const Clock::time_point now = Clock::now();
    warnBeforeTheEnd(now);
    if (endSignalled(signals) || now - m_begin >= m_options.limit) m_ending = true;
    for (const ChildExit& ended : m_children.reap())
        m_parts.onExit(ended, now);
    if (!m_children.guardAlive()) return Error{Fault::Unreachable, "The lab's guard was killed; the lab ends."};
    if (const auto done = m_parts.tick(now); !done) return done;
    m_control.serve([this](const nlohmann::json& request) { return m_commands.answer(request); });
    m_commands.tick(now);
    if (m_commands.endAsked()) m_ending = true;
    return m_ready ? Outcome(Done{}) : lookForReady(now);
}

void Lab::sayWhenItEnds()
{
    m_say(fmt::format("the lab ends by itself at {}, in {}; 'up --for 2h' gives it longer, 'sluice-lab down --dir {}' "
                      "ends it",
                      localTimeIn(m_options.limit), durationText(m_options.limit), m_parts.layout().dir.string()));
}

/// A lab that is given less time than that says so at its start.
void Lab::warnBeforeTheEnd(Clock::time_point now)
{
    if (m_warned || m_options.limit <= kWarnBefore || now - m_begin < m_options.limit - kWarnBefore) return;
    m_warned = true;
    m_say(fmt::format("the lab ends in {}; proxies, Prometheus and the service of its connections file go with it",
                      durationText(kWarnBefore)));
}

Outcome Lab::lookForReady(Clock::time_point now)
{
    if (now - m_begin > kStartPatience) {
        return Error{Fault::Unreachable, fmt::format("The lab did not come up in {} s; the logs are in {}.",
                                                     kStartPatience.count(), m_parts.layout().logs().string())};
    }
    if (!m_parts.up() || now < m_nextLook) return Done{};
    m_nextLook = now + kSampleLookEvery;
    if (!m_load) return startLoad();
    const auto sampled = sampledSlots(m_parts.prometheusPort());
    const auto running = m_parts.replicas().readySlots();
    if (!std::ranges::all_of(running, [&](const std::string& slot) { return sampled.contains(slot); })) return Done{};
    m_ready = true;
    m_commands.setReady();
    m_say(fmt::format("lab ready in {:.1f} s: {}, {} of {}, {} requests/s of {} users; connections in {}",
                      secondsSince(m_begin), countText(m_options.proxies, "proxy", "proxies"),
                      countText(running.size(), "replica", "replicas"), kStableVersion, m_options.rps, m_options.users,
                      m_parts.layout().connections().string()));
    return Done{};
}

Outcome Lab::startLoad()
{
    const auto text = connectionsText(m_parts.layout(), m_options.proxies, m_parts.prometheusPort(),
                                      m_parts.replicas().ports(Track::Canary).front(), currentLogin());
    if (const auto done = writeFile(m_parts.layout().connections(), text); !done) return done;
    m_load.emplace(LoadPlan{
        .proxyPorts = m_parts.proxyPorts(), .rps = m_options.rps, .users = m_options.users, .limit = m_options.limit});
    m_commands.setLoad(&*m_load);
    m_say("everything runs; waiting for Prometheus' first samples (it looks for targets every 5 s)");
    return Done{};
}

void Lab::waitForSomething(int signals)
{
    std::vector<pollfd> wanted = m_control.interests();
    wanted.push_back({signals, POLLIN, 0});
    poll(wanted.data(), wanted.size(), kTurnMs);
}

bool Lab::endSignalled(int signals)
{
    bool end = false;
    signalfd_siginfo info{};
    while (read(signals, &info, sizeof info) == sizeof info)
        end = end || info.ssi_signo != SIGCHLD;
    return end;
}

/// To the log always, to standard output when that takes it at once: nobody may read it any more, and the lab must
/// not wait for a full pipe. Lines are far shorter than the 4096 bytes that POLLOUT promises.
void sayLine(std::ofstream& log, const std::string& line)
{
    log << line << std::endl;
    pollfd out{STDOUT_FILENO, POLLOUT, 0};
    if (poll(&out, 1, 0) != 1 || (out.revents & POLLOUT) == 0) return;
    fmt::print("{}\n", line);
    std::fflush(stdout);
}

Result<int> takeLock(const Layout& layout)
{
    const int fd = open(layout.lock().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        return Error{Fault::Unreachable, fmt::format("{}: {}.", layout.lock().string(), std::strerror(errno))};
    }
    if (flock(fd, LOCK_EX | LOCK_NB) == 0) return fd;
    close(fd);
    return Error{Fault::Refused, fmt::format("A lab runs in {} already.", layout.dir.string())};
}

int blockSignals()
{
    sigset_t signals;
    sigemptyset(&signals);
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGCHLD})
        sigaddset(&signals, number);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

} // namespace

Outcome runLab(const LabOptions& options)
{
    for (const char* program : {"haproxy", "prometheus"}) {
        if (const auto found = findProgram(program); !found) return found.error();
    }
    const Layout layout{options.dir};
    std::error_code failed;
    std::filesystem::create_directories(layout.logs(), failed);
    if (failed) {
        return Error{Fault::Unreachable, fmt::format("{}: {}.", layout.logs().string(), failed.message())};
    }
    const auto lock = takeLock(layout);
    if (!lock) return lock.error();
    std::ofstream log(layout.logs() / "lab.log", std::ios::trunc);
    const Say say = [&log](const std::string& line) { sayLine(log, line); };
    const Descriptor lockHolder(lock.value());
    const Descriptor signals(blockSignals());
    auto guard = Guard::start(lock.value());
    if (!guard) return guard.error();
    Children children(std::move(guard).value());
    auto control = ControlServer::listen(layout.controlSocket());
    if (!control) return control.error();
    auto parts = LabParts::build(options, children, say);
    if (!parts) return parts.error();
    return Lab(options, children, *parts.value(), control.value(), say).run(signals.get());
}

} // namespace sluice::app::lab
