// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/id.h"
#include "core/base/time.h"
#include "core/model/playbook.h"
#include "core/model/problem.h"
#include "core/model/schedule.h"

namespace sluice {

/// A secret by reference: `env:NAME` or `file:/path`; never the value itself.
struct SecretRef {
    enum class Kind { None, Environment, File };
    Kind kind{Kind::None};
    std::string name{};
    friend bool operator==(const SecretRef&, const SecretRef&) = default;
};

struct Person {
    PersonId id{};
    std::string name{};
    std::vector<std::string> roles{};
    std::vector<std::string> logins{}; ///< operating system logins that are this person
    Duration approvesAfter{0};         ///< lab and demo only: this person approves by itself after so long (0 = never)
    friend bool operator==(const Person&, const Person&) = default;
};

struct MetricSourceConfig {
    std::string url{}; ///< Prometheus base URL
    SecretRef token{};
    friend bool operator==(const MetricSourceConfig&, const MetricSourceConfig&) = default;
};

struct RouterConfig {
    enum class Split { Map, Weights };
    std::string address{}; ///< unix:/path, tcp:HOST:PORT, ssh:HOST:/path
    Split split{Split::Map};
    std::string service{}; ///< salt of the hash and key of the maps
    std::string stableBackend{"stable"};
    std::string canaryBackend{"canary"};
    friend bool operator==(const RouterConfig&, const RouterConfig&) = default;
};

struct DeployerConfig {
    enum class Kind { None, Lab, Command };
    Kind kind{Kind::None};
    std::string socket{};            ///< Lab: path of lab.sock
    std::vector<std::string> argv{}; ///< Command
    Duration timeout{std::chrono::minutes(5)};
    friend bool operator==(const DeployerConfig&, const DeployerConfig&) = default;
};

struct TargetConfig {
    TargetId id{};
    std::string service{};
    std::string environment{};
    std::vector<std::string> routers{};
    std::string metrics{};
    std::string deployer{};
    std::string playbook{};
    std::string health{};        ///< URL answering {"status":…,"version":…}; empty = none
    std::string stableUrl{};     ///< base address of the stable instances for smoke tests; empty = none
    std::string canaryUrl{};     ///< of the canary's
    std::string versions{};      ///< path of the file that names its versions; empty = not checked
    std::string schedule{};      ///< when releases start; empty = at any time
    std::string stableVersion{}; ///< what runs when the journal knows no finished rollout yet
    bool lab{false};             ///< `--as` and playbooks for the lab are allowed
    friend bool operator==(const TargetConfig&, const TargetConfig&) = default;
};

/// Where messages go. Read and checked; what sends them is a notifier's business.
struct ChannelConfig {
    SecretRef slack{}; ///< incoming webhook
    std::vector<Severity> when{};
    friend bool operator==(const ChannelConfig&, const ChannelConfig&) = default;
};

/// What the world looks like from here: targets, the parts that move them, and people. Never in a playbook.
struct Connections {
    std::string store{};     ///< path of journal.db, relative to the file
    std::string directory{}; ///< folder of the file; `safe/`, `stop/`, samples.db live beside the store
    std::vector<Person> people{};
    std::map<std::string, MetricSourceConfig> sources{};
    std::map<std::string, RouterConfig> routers{};
    std::map<std::string, DeployerConfig> deployers{};
    std::vector<TargetConfig> targets{};
    std::map<std::string, ChannelConfig> channels{};
    std::map<std::string, Schedule> schedules{};

    const Person* person(const PersonId& id) const;
    const Person* personOfLogin(std::string_view login) const;
    const TargetConfig* target(const TargetId& id) const;
    friend bool operator==(const Connections&, const Connections&) = default;
};

/// Same strictness and problem form as readPlaybook(). Pure: no file is looked at. Relative paths (store, unix sockets,
/// secret files) are resolved against `directory`, so give it absolute. A secret written out is a problem, and its text
/// is not repeated in it.
std::variant<Connections, std::vector<Problem>> readConnections(std::string_view text, std::string_view file,
                                                                std::string_view directory);

} // namespace sluice
