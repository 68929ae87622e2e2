// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include <QProcess>
#include <QTemporaryDir>
#include <nlohmann/json.hpp>

#include "app/sluice-lab/layout.h"

namespace sluice::app::lab {

/// How a command line ended.
struct CommandResult {
    int code{-1};
    QString out{};
    QString err{};
};
CommandResult runLabCommand(const QStringList& arguments, const QProcessEnvironment& environment = {});

/// A lab in a folder of its own, as a process of its own; ends with this object.
class LabUnderTest {
public:
    ~LabUnderTest();

    /// Small unless `options` says otherwise; true when `line` was printed in time.
    bool start(const QStringList& options = {}, const QString& line = QStringLiteral("lab ready in"));
    /// What the lab said so far, for the message of a failed check.
    QByteArray said();
    QProcess& process() { return m_process; }
    Layout layout() const { return {m_dir.path().toStdString()}; }
    QString dir() const { return m_dir.path(); }

    nlohmann::json ask(const nlohmann::json& request) const;
    /// Deploys and waits until it is so.
    bool deploy(const std::string& track, const std::string& version, int instances);
    std::vector<int> proxyPorts() const;

    /// One command on the runtime socket of every proxy; true when all answered nothing, which is success.
    bool onEveryProxy(const std::string& command) const;
    /// "set map {}/epoch.map …": {} is the proxy's folder of maps.
    bool onEveryMap(const std::string& commandWithFolder) const;

private:
    QTemporaryDir m_dir{};
    QProcess m_process{};
    QByteArray m_said{};
};

/// Track ("stable", "canary", or "" without a replica's answer) that answers each user, asked through the proxy
/// on `port`; `header` is added to every request.
std::map<std::string, std::string> tracksOf(int port, const std::vector<std::string>& users,
                                            const std::string& header = {});
std::vector<std::string> manyUsers(int count);

/// All processes below `pid`, and their state afterwards.
std::vector<pid_t> descendantsOf(pid_t pid);
bool lives(pid_t pid);

} // namespace sluice::app::lab
