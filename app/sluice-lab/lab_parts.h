// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/sluice-lab/haproxy_text.h"
#include "app/sluice-lab/replicas.h"

namespace sluice::app::lab {

/// A program that the lab keeps running: a proxy or Prometheus.
struct Program {
    std::string name{}; ///< "edge-1", "prometheus"
    ChildSpec spec{};
    std::vector<LoopbackPort> ports{}; ///< the first one is for users
    int proxy{0};                      ///< number of the proxy; 0 = Prometheus
    pid_t pid{0};
    bool up{false};    ///< its ports answer, and the kernel says that they are ours
    int earlyExits{0}; ///< in a row, without having been up
    Clock::time_point startAt{};
};

/// Everything that runs in the lab. Main thread only.
class LabParts {
public:
    /// Writes the configurations into the lab's folder and starts nothing yet.
    static Result<std::unique_ptr<LabParts>> build(const LabOptions& options, Children& children, Say say);
    LabParts(const LabParts&) = delete;
    LabParts& operator=(const LabParts&) = delete;

    /// Starts what should run, replaces what died. An error ends the lab: a program cannot be brought up.
    Outcome tick(Clock::time_point now);
    void onExit(const ChildExit& ended, Clock::time_point now);
    /// `verb` is stop (SIGSTOP), cont, kill (SIGKILL; it is started again) or reload (proxies); `part` is a proxy,
    /// "prometheus" or a replica ("c1").
    Outcome act(const std::string& verb, const std::string& part);

    bool up() const;
    Replicas& replicas() { return m_replicas; }
    const Replicas& replicas() const { return m_replicas; }
    std::vector<int> proxyPorts() const;
    int prometheusPort() const;
    /// The canary's share as the proxies have it now, in 1/10'000: the largest of all that answer.
    int split() const;
    const Layout& layout() const { return m_layout; }
    nlohmann::json status() const;

private:
    LabParts(Layout layout, Children& children, Say say);
    Outcome addProxy(int number, int proxies, const std::string& haproxy);
    Outcome addPrometheus(const std::string& prometheus);
    Outcome watchStart(Program& program);
    Program* programNamed(const std::string& name);

    const Layout m_layout;
    Children& m_children;
    const Say m_say;
    Replicas m_replicas;
    std::vector<Program> m_programs{}; ///< proxies, then Prometheus
};

} // namespace sluice::app::lab
