// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/start_presenter.h"

#include <algorithm>
#include <map>
#include <variant>

#include "core/model/playbook_reader.h"
#include "ui/rollout/rollout_presenter.h"

namespace sluice::ui {

namespace {

using engine::TargetView;

const TargetView* targetOf(const engine::Snapshot& snapshot, const QString& id)
{
    const auto found =
        std::ranges::find_if(snapshot.targets, [&id](const TargetView& target) { return text(target.id.value) == id; });
    return found == snapshot.targets.end() ? nullptr : &*found;
}

const BuiltInPlaybook* builtIn(const QString& name)
{
    const auto& all = builtInPlaybooks();
    const auto found = std::ranges::find(all, utf8(name), &BuiltInPlaybook::name);
    return found == all.end() ? nullptr : &*found;
}

QString approval(const ApprovalRule& rule)
{
    switch (rule.when) {
    case ApproveWhen::Never: return dash();
    case ApproveWhen::Always: return RolloutPresenter::roles(rule.roles);
    case ApproveWhen::Warnings: return StartPresenter::tr("on warnings: %1").arg(RolloutPresenter::roles(rule.roles));
    }
    return {};
}

FactTableData stageTable(const Playbook& playbook, const Formats& formats)
{
    FactTableData table;
    table.columns = {{StartPresenter::tr("Stage"), false, true},
                     {StartPresenter::tr("Users"), true, false},
                     {StartPresenter::tr("Bakes"), true, false},
                     {StartPresenter::tr("Gates"), true, false},
                     {StartPresenter::tr("Approval"), false, true}};
    for (const Stage& stage : playbook.stages)
        table.rows.append({{text(stage.name)},
                           {weightText(stage.weight, formats)},
                           {lengthText(stage.bake, formats)},
                           {QString::number(stage.require.size())},
                           {approval(stage.approve)}});
    return table;
}

QStringList lines(const Playbook& playbook, const Formats& formats)
{
    Duration all = playbook.before + playbook.watch.length;
    for (const Stage& stage : playbook.stages)
        all += stage.bake;
    const size_t items = playbook.checklists.pre.size() + playbook.checklists.during.size();
    QStringList out{
        StartPresenter::tr(
            "First the stable version is recorded for %1. In all it takes at least %2, of which %3 is the watch "
            "at the end.")
            .arg(lengthText(playbook.before, formats), lengthText(all, formats),
                 lengthText(playbook.watch.length, formats)),
        StartPresenter::tr("Triggers that watch every stage: %1. Checklist items that are asked for: %2.")
            .arg(playbook.triggers.size())
            .arg(items)};
    QStringList steps{StartPresenter::tr("traffic to 0 %")};
    for (const RollbackStep& step : playbook.rollbackSteps)
        steps << QCoreApplication::translate("step", step.title.c_str());
    out << StartPresenter::tr("The way back: %1.").arg(steps.join(QStringLiteral(" → ")));
    return out;
}

QString formProblem(const StartForm& form, const StartPlan& plan, const TargetView& target)
{
    if (target.stop)
        return StartPresenter::tr("An emergency stop is in force on %1; clear it first.").arg(text(target.service));
    if (form.version.trimmed().isEmpty()) return StartPresenter::tr("Which version is to be released?");
    if (form.version.trimmed() == text(target.stableVersion))
        return StartPresenter::tr("%1 is the stable version already.").arg(form.version.trimmed());
    if (!plan.running.isEmpty() && !form.supersede) return plan.running;
    return {};
}

/// Reads the playbook with what was filled in; says what is wrong with it.
QString readInto(StartPlan& plan, const StartForm& form, const BuiltInPlaybook& chosen, const Formats& formats)
{
    const auto plain = readPlaybook(chosen.text, chosen.name);
    if (const auto* good = std::get_if<Playbook>(&plain))
        for (const auto& [key, value] : good->settings)
            plan.settings.insert(text(key), text(value));
    std::map<std::string, std::string> settings;
    for (const auto& [key, value] : form.settings.asKeyValueRange())
        if (plan.settings.contains(key) && !value.isEmpty()) settings[utf8(key)] = utf8(value);
    const auto read = settings.empty() ? plain : readPlaybook(chosen.text, chosen.name, settings);
    if (const auto* problems = std::get_if<std::vector<Problem>>(&read))
        return problems->empty() ? StartPresenter::tr("The playbook cannot be read.")
                                 : text(problemText(problems->front()));
    const Playbook& playbook = std::get<Playbook>(read);
    plan.stages = stageTable(playbook, formats);
    plan.lines = lines(playbook, formats);
    plan.command.playbook = playbook.name;
    plan.command.playbookText = playbook.text;
    return {};
}

} // namespace

QStringList StartPresenter::playbooks(const engine::Snapshot& snapshot, const QString& target)
{
    QStringList names;
    const TargetView* chosen = targetOf(snapshot, target);
    if (chosen != nullptr && !chosen->playbook.empty()) names << text(chosen->playbook);
    for (const BuiltInPlaybook& one : builtInPlaybooks())
        names << text(std::string(one.name));
    names.removeDuplicates();
    return names;
}

StartPlan StartPresenter::plan(const StartForm& form, const engine::Snapshot& snapshot, const Formats& formats)
{
    StartPlan plan{.title = tr("Start the rollout")};
    const TargetView* target = targetOf(snapshot, form.target);
    if (target == nullptr) {
        plan.problem = tr("Choose a service.");
        return plan;
    }
    const QString version = form.version.trimmed();
    if (!version.isEmpty()) plan.title = tr("Start %1 %2").arg(text(target->service), version);
    if (const engine::RolloutView* live = target->live ? snapshot.rollout(*target->live) : nullptr)
        plan.running =
            tr("%1 is being released to %2 already.").arg(text(live->state.toVersion), text(target->service));
    plan.command.target = target->id;
    plan.command.toVersion = utf8(version);
    plan.command.note = utf8(form.note.trimmed());
    plan.command.supersede = form.supersede && !plan.running.isEmpty();
    QString unreadable;
    if (const BuiltInPlaybook* chosen = builtIn(form.playbook))
        unreadable = readInto(plan, form, *chosen, formats);
    else
        plan.lines = {tr("The engine reads the playbook “%1” of this target; its plan is shown once it has started.")
                          .arg(form.playbook)};
    plan.problem = formProblem(form, plan, *target);
    if (plan.problem.isEmpty()) plan.problem = unreadable;
    return plan;
}

} // namespace sluice::ui
