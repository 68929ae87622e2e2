// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/model/problem.h"
#include "core/model/semver.h"

namespace sluice {

enum class MigrationKind {
    None,
    Compatible, ///< adds columns, tables, indexes: may go with the code
    TwoPhase,   ///< adds the new beside the old; a later version drops the old
    Breaking,   ///< renames, removes or changes what runs at the same time
    Unknown,    ///< nobody said: a warning
};

/// A version of a service with what an upgrade to it has to know.
struct VersionInfo {
    SemVer version{};
    std::string title{};
    std::map<std::string, VersionRange> needs{}; ///< other services, by name
    std::vector<std::string> breaking{};
    std::vector<std::string> deprecated{};
    MigrationKind migration{MigrationKind::Unknown};
    std::vector<std::string> reads{};  ///< "users.verified": what this version's code reads and a later one drops
    std::vector<std::string> drops{};  ///< what this version's migration removes
    bool mustRun{false};               ///< an upgrade over it stops here first
    std::vector<std::string> before{}; ///< steps for people and programs, in order
    std::vector<std::string> after{};
};

/// Another service as it runs now.
struct ServiceInfo {
    SemVer version{};
    std::map<std::string, VersionRange> needs{};
};

/// Two versions that do not go together.
struct Incompatible {
    VersionRange from{};
    VersionRange to{};
    std::string because{};
};

/// All versions of one service, as a file names them.
struct VersionRegistry {
    std::string service{};
    std::vector<VersionInfo> versions{}; ///< in the order of precedence
    std::vector<Incompatible> incompatible{};
    std::map<std::string, ServiceInfo> services{};

    const VersionInfo* find(const SemVer& version) const;
};

/// Same strictness and problem form as readPlaybook(). Pure.
std::variant<VersionRegistry, std::vector<Problem>> readVersions(std::string_view text, std::string_view file);

} // namespace sluice
