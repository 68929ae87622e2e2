// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluice-lab/lab_parts.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "app/sluice-lab/prometheus_link.h"
#include "app/sluice-lab/runtime_socket.h"

namespace sluice::app::lab {

namespace fs = std::filesystem;

namespace {

constexpr auto kRestartPause = std::chrono::milliseconds(300);
constexpr int kMaxEarlyExits = 5;
constexpr Duration kSocketPatience = std::chrono::milliseconds(200);
constexpr Duration kReloadPatience = std::chrono::seconds(3);

/// The replicas run in the sluice-lab binary, which lies beside whatever program starts a lab.
fs::path labProgram()
{
    return fs::read_symlink("/proc/self/exe").parent_path() / "sluice-lab";
}

} // namespace

LabParts::LabParts(Layout layout, Children& children, Say say)
    : m_layout(std::move(layout))
    , m_children(children)
    , m_say(std::move(say))
    , m_replicas(children, labProgram().string(), m_layout, m_say)
{
}

Result<std::unique_ptr<LabParts>> LabParts::build(const LabOptions& options, Children& children, Say say)
{
    const auto haproxy = findProgram("haproxy");
    if (!haproxy) return haproxy.error();
    const auto prometheus = findProgram("prometheus");
    if (!prometheus) return prometheus.error();

    std::unique_ptr<LabParts> parts(new LabParts({options.dir}, children, std::move(say)));
    if (const auto done = parts->m_replicas.reserve(options.replicas); !done) return done.error();
    for (int number = 1; number <= options.proxies; ++number) {
        if (const auto done = parts->addProxy(number, options.proxies, haproxy.value()); !done) return done.error();
    }
    if (const auto done = parts->addPrometheus(prometheus.value()); !done) return done.error();
    if (const auto done = parts->m_replicas.deploy(Track::Stable, kStableVersion, options.replicas); !done) {
        return done.error();
    }
    return parts;
}

Outcome LabParts::addProxy(int number, int proxies, const std::string& haproxy)
{
    Program program{.name = proxyName(number), .proxy = number};
    for (int i = 0; i < 2; ++i) {
        auto port = LoopbackPort::reserve();
        if (!port) return port.error();
        program.ports.push_back(std::move(port).value());
    }
    const fs::path folder = m_layout.proxyFolder(number);
    std::error_code failed;
    fs::create_directories(folder, failed);
    const fs::path config = folder / "haproxy.cfg";
    const ProxyPlan plan{number, program.ports[0].number(), program.ports[1].number(), proxies};
    const BackendPlan backends{m_replicas.ports(Track::Stable), m_replicas.ports(Track::Canary)};
    if (const auto done = writeFile(config, haproxyText(m_layout, plan, backends)); !done) return done;
    for (const auto& [name, text] : safeMaps()) {
        if (const auto done = writeFile(folder / name, text); !done) return done;
    }
    program.spec = {.argv = {haproxy, "-W", "-db", "-f", config.string(), "-S",
                             m_layout.masterSocket(number).string() + ",mode,600,level,admin"},
                    .log = m_layout.logs() / (program.name + ".log"),
                    // The master passes this on to its worker, which has no death signal of its own.
                    .deathSignal = SIGTERM};
    m_programs.push_back(std::move(program));
    return Done{};
}

Outcome LabParts::addPrometheus(const std::string& prometheus)
{
    Program program{.name = "prometheus"};
    auto port = LoopbackPort::reserve();
    if (!port) return port.error();
    program.ports.push_back(std::move(port).value());

    ScrapePlan plan;
    for (const Track track : kTracks) {
        int number = 1;
        for (const int target : m_replicas.ports(track)) {
            plan.services[(track == Track::Stable ? "s" : "c") + std::to_string(number++)] = target;
        }
    }
    for (const Program& proxy : m_programs)
        plan.proxies[proxy.name] = proxy.ports[1].number();
    if (const auto done = writeFile(m_layout.prometheusConfig(), prometheusText(plan)); !done) return done;
    std::error_code ignored;
    fs::remove_all(m_layout.prometheusData(), ignored); // samples of another lab's ports explain nothing
    program.spec = {.argv = {prometheus, "--config.file=" + m_layout.prometheusConfig().string(),
                             "--storage.tsdb.path=" + m_layout.prometheusData().string(),
                             "--storage.tsdb.retention.time=6h", "--storage.tsdb.retention.size=256MB",
                             fmt::format("--web.listen-address=127.0.0.1:{}", program.ports[0].number()),
                             "--log.level=warn"},
                    .environment = {"GOMAXPROCS=1"}, // the lab shares a small machine
                    .log = m_layout.logs() / "prometheus.log"};
    m_programs.push_back(std::move(program));
    return Done{};
}

Outcome LabParts::tick(Clock::time_point now)
{
    for (Program& program : m_programs) {
        if (program.pid > 0 && !program.up) {
            if (const auto done = watchStart(program); !done) return done;
        }
        if (program.pid > 0 || now < program.startAt) continue;
        if (program.earlyExits >= kMaxEarlyExits) {
            return Error{Fault::Unreachable,
                         fmt::format("{} does not stay up; its log is {}.", program.name, program.spec.log.string())};
        }
        const auto pid = m_children.start(program.spec);
        if (!pid) return pid.error();
        program.pid = pid.value();
    }
    m_replicas.tick(now);
    return Done{};
}

Outcome LabParts::watchStart(Program& program)
{
    for (const LoopbackPort& port : program.ports) {
        switch (portOwner(port.number(), program.pid)) {
        case PortOwner::Nobody: return Done{};
        case PortOwner::Ours: break;
        case PortOwner::Foreign:
            return Error{Fault::Unreachable,
                         fmt::format("{}: somebody else listens on port {}, too.", program.name, port.number())};
        }
    }
    if (program.proxy > 0 && access(m_layout.runtimeSocket(program.proxy).c_str(), F_OK) != 0) return Done{};
    program.up = true;
    program.earlyExits = 0;
    m_say(fmt::format("{} on 127.0.0.1:{} (pid {})", program.name, program.ports[0].number(), program.pid));
    return Done{};
}

void LabParts::onExit(const ChildExit& ended, Clock::time_point now)
{
    if (m_replicas.onExit(ended, now)) return;
    const auto program = std::ranges::find(m_programs, ended.pid, &Program::pid);
    if (program == m_programs.end()) return;
    m_say(fmt::format("{} ended ({}), starting again; its log is {}", program->name, ended.how,
                      program->spec.log.string()));
    if (!program->up) ++program->earlyExits;
    program->pid = 0;
    program->up = false;
    program->startAt = now + kRestartPause;
}

Program* LabParts::programNamed(const std::string& name)
{
    const auto found = std::ranges::find(m_programs, name, &Program::name);
    return found == m_programs.end() ? nullptr : &*found;
}

Outcome LabParts::act(const std::string& verb, const std::string& part)
{
    Program* program = programNamed(part);
    const auto replica = m_replicas.processOf(part);
    if (program == nullptr && !replica)
        return Error{Fault::BadInput, fmt::format("'{}' is no part of this lab.", part)};
    const pid_t pid = program != nullptr ? program->pid : *replica;
    if (pid == 0) return Error{Fault::Refused, fmt::format("{} does not run now.", part)};
    if (verb == "reload") {
        if (program == nullptr || program->proxy == 0) {
            return Error{Fault::BadInput, fmt::format("{} cannot be reloaded; only proxies can.", part)};
        }
        // HAProxy 2.6 answers nothing and closes the connection when the new worker serves.
        const auto answer = askSocket(m_layout.masterSocket(program->proxy), "reload", kReloadPatience);
        return answer ? Outcome(Done{}) : Outcome(answer.error());
    }
    if (verb == "stop") m_children.signal(pid, SIGSTOP);
    if (verb == "cont") m_children.signal(pid, SIGCONT);
    if (verb == "kill") m_children.signal(pid, SIGKILL);
    return Done{};
}

bool LabParts::up() const
{
    return m_replicas.settled() && std::ranges::all_of(m_programs, &Program::up);
}

std::vector<int> LabParts::proxyPorts() const
{
    std::vector<int> ports;
    for (const Program& program : m_programs) {
        if (program.proxy > 0) ports.push_back(program.ports[0].number());
    }
    return ports;
}

int LabParts::prometheusPort() const
{
    return m_programs.back().ports[0].number();
}

int LabParts::split() const
{
    int largest = 0;
    for (const Program& program : m_programs) {
        if (program.proxy == 0) continue;
        const auto weight = readSplit(m_layout.runtimeSocket(program.proxy), m_layout.proxyFolder(program.proxy),
                                      kService, kSocketPatience);
        if (weight) largest = std::max(largest, weight.value());
    }
    return largest;
}

nlohmann::json LabParts::status() const
{
    nlohmann::json programs = nlohmann::json::array();
    for (const Program& program : m_programs) {
        programs.push_back(
            {{"name", program.name}, {"pid", program.pid}, {"port", program.ports[0].number()}, {"up", program.up}});
    }
    return programs;
}

} // namespace sluice::app::lab
