// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/first_run/first_run_presenter.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <variant>

#include "core/model/connections.h"
#include "core/model/playbook_reader.h"

namespace sluice::ui {

namespace {

struct FirstRunWords {
    Q_DECLARE_TR_FUNCTIONS(FirstRunWords)
};

QString nameOf(const QString& path)
{
    return QFileInfo(path).fileName();
}

FactTableData problemTable(const std::vector<Problem>& problems, const QString& heading)
{
    FactTableData table{.columns = {{FirstRunWords::tr("Line"), true, false},
                                    {FirstRunWords::tr("Column"), true, false},
                                    {FirstRunWords::tr("Where"), false, true},
                                    {heading, false, true}}};
    for (const Problem& problem : problems) {
        const bool error = problem.level == Problem::Level::Error;
        const QString message =
            QStringLiteral("%1 %2").arg(toneMark(error ? Tone::Critical : Tone::Warning), text(problem.message));
        table.rows.append({{problem.line > 0 ? QString::number(problem.line) : dash(), Tone::Text, true},
                           {problem.column > 0 ? QString::number(problem.column) : dash(), Tone::Text, true},
                           {problem.path.empty() ? dash() : text(problem.path), Tone::Second, true},
                           {message, Tone::Text}});
    }
    return table;
}

FirstRunAnswer wrongFile(const QString& path, const std::vector<Problem>& problems)
{
    FirstRunAnswer out{.title = FirstRunWords::tr("◆ %1 has mistakes").arg(nameOf(path)), .tone = Tone::Critical};
    out.text = FirstRunWords::tr("Nothing was started. Mend these and open %1 again.").arg(path);
    out.problems = problemTable(problems, FirstRunWords::tr("What is wrong"));
    return out;
}

StageRailData previewRail(const Playbook& playbook, const Formats& formats)
{
    StageRailData rail;
    for (size_t i = 0; i < playbook.stages.size(); ++i) {
        const Stage& stage = playbook.stages[i];
        StageRailData::Stage out{.title = weightText(stage.weight, formats), .corner = lengthText(stage.bake, formats)};
        QStringList words{text(stage.name)};
        QStringList roles;
        for (const std::string& role : stage.approve.roles)
            roles << roleText(role);
        const QString who = roles.isEmpty() ? FirstRunWords::tr("any approver") : roles.join(QStringLiteral(", "));
        if (stage.approve.when == ApproveWhen::Always) words << FirstRunWords::tr("approval: %1").arg(who);
        if (stage.approve.when == ApproveWhen::Warnings)
            words << FirstRunWords::tr("approval on warnings: %1").arg(who);
        out.detail = words.join(QStringLiteral(" · "));
        out.sentence = FirstRunWords::tr("Stage %1 of %2, %3: bakes %4, %5")
                           .arg(i + 1)
                           .arg(playbook.stages.size())
                           .arg(out.title, out.corner, out.detail);
        rail.stages.append(out);
    }
    return rail;
}

} // namespace

Result<std::string> readText(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return Error{Fault::BadInput, utf8(path) + " cannot be read: " + utf8(file.errorString()) + "."};
    const QByteArray bytes = file.read(kLargestFile + 1);
    if (bytes.size() > kLargestFile) return Error{Fault::BadInput, utf8(path) + " is larger than 1 MiB."};
    return bytes.toStdString();
}

FirstRunAnswer cannotOpen(const QString& path, const Error& error)
{
    FirstRunAnswer out{.title = FirstRunWords::tr("◆ %1 could not be opened").arg(nameOf(path)),
                       .tone = Tone::Critical};
    if (path.isEmpty()) out.title = FirstRunWords::tr("◆ The demo fleet could not be started");
    out.text = text(error.detail);
    return out;
}

ConnectionsAnswer checkConnections(const std::string& yaml, const QString& path)
{
    const QString directory = QFileInfo(path).absolutePath();
    const auto read = readConnections(yaml, utf8(nameOf(path)), utf8(directory));
    if (const auto* problems = std::get_if<std::vector<Problem>>(&read)) return {wrongFile(path, *problems), false};
    const auto& good = std::get<Connections>(read);
    FirstRunAnswer out{.title = FirstRunWords::tr("✓ %1 can be read").arg(nameOf(path)), .tone = Tone::Ok};
    out.text = FirstRunWords::tr("Targets: %1 · routers: %2 · metric sources: %3 · people: %4")
                   .arg(good.targets.size())
                   .arg(good.routers.size())
                   .arg(good.sources.size())
                   .arg(good.people.size());
    return {out, true};
}

FirstRunAnswer checkPlaybook(const std::string& yaml, const QString& path, const Formats& formats)
{
    const auto read = readPlaybook(yaml, utf8(nameOf(path)));
    if (const auto* problems = std::get_if<std::vector<Problem>>(&read)) {
        FirstRunAnswer out = wrongFile(path, *problems);
        out.text = FirstRunWords::tr("Mend these and open %1 again.").arg(path);
        return out;
    }
    const auto& playbook = std::get<Playbook>(read);
    const std::vector<Problem> doubts = lintPlaybook(playbook, utf8(nameOf(path)));
    FirstRunAnswer out{.title = FirstRunWords::tr("✓ %1 is a playbook that can be used").arg(nameOf(path)),
                       .tone = Tone::Ok};
    QStringList words{FirstRunWords::tr("Stages: %1").arg(playbook.stages.size()),
                      FirstRunWords::tr("triggers: %1").arg(playbook.triggers.size()),
                      FirstRunWords::tr("metrics: %1").arg(playbook.metrics.size())};
    if (playbook.watch.length > Duration(0))
        words
            << FirstRunWords::tr("watched for %1 after the last stage").arg(lengthText(playbook.watch.length, formats));
    out.text = words.join(QStringLiteral(" · "));
    out.rail = previewRail(playbook, formats);
    if (!doubts.empty()) out.problems = problemTable(doubts, FirstRunWords::tr("Worth a look"));
    return out;
}

QString sampleConnections()
{
    return QStringLiteral(R"(people:
  - {id: ana, roles: [release-manager], logins: [ana]}
  - {id: lead, roles: [engineering-lead], logins: [lee]}
sources:
  prom: {prometheus: 'http://127.0.0.1:9090'}
routers:
  edge-1:
    haproxy: unix:/run/haproxy/edge1.sock
    service: checkout
  edge-2:
    haproxy: ssh:edge2:/run/haproxy/admin.sock
    service: checkout
deployers:
  shell: {command: [/opt/deploy/run, checkout]}
targets:
  checkout/production:
    routers: [edge-1, edge-2]
    metrics: prom
    deployer: shell
    playbook: avalo-production
    stable_version: v41
)");
}

} // namespace sluice::ui
