// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/phase_words.h"
#include "ui/rollout/rollout_presenter.h"

namespace sluice::ui {

namespace {

using When = StageRailData::When;

/// `warned`: a warning was seen in this stage, so a rule that waits for one applies.
QString approvalWords(const ApprovalRule& rule, bool warned = false)
{
    switch (rule.when) {
    case ApproveWhen::Never: return {};
    case ApproveWhen::Always: return RolloutPresenter::tr("Approval: %1").arg(RolloutPresenter::roles(rule.roles));
    case ApproveWhen::Warnings:
        if (warned) return RolloutPresenter::tr("Approval: %1").arg(RolloutPresenter::roles(rule.roles));
        return RolloutPresenter::tr("Approval on warnings: %1").arg(RolloutPresenter::roles(rule.roles));
    }
    return {};
}

void showPast(StageRailData::Stage& out, const rollout::StageRecord& record, const RolloutMoment& moment)
{
    out.when = When::Past;
    out.corner = QStringLiteral("✓ ") + lengthText(record.baked, moment.formats);
    out.cornerTone = Tone::Ok;
    const QString warnings = record.warnings == 0 ? RolloutPresenter::tr("no warnings")
                                                  : RolloutPresenter::tr("warnings: %1").arg(record.warnings);
    out.detail = record.scoreMilli ? RolloutPresenter::tr("Score %1 · %2").arg(scoreText(record.scoreMilli), warnings)
                                   : warnings;
}

void showCurrent(StageRailData::Stage& out, const Stage& stage, const RolloutMoment& moment)
{
    const rollout::Rollout& state = moment.state();
    const auto at = static_cast<size_t>(state.stage);
    const Duration baked = at < state.stages.size() ? state.stages[at].baked : Duration(0);
    out.when = When::Current;
    out.cornerTone = Tone::Text;
    out.cornerRuns = true;
    out.corner = QStringLiteral("%1 / %2").arg(clockText(baked), clockText(stage.bake));
    if (state.phase == rollout::Phase::Watching && moment.view.playbook) {
        const Duration length = moment.view.playbook->watch.length;
        out.corner = QStringLiteral("%1 / %2").arg(clockText(state.watched), clockText(length));
        out.progressPpm = length > Duration(0) ? state.watched * kMillion / length : kMillion;
    } else {
        out.progressPpm = stage.bake > Duration(0) ? baked * kMillion / stage.bake : kMillion;
    }
    const QString seen =
        moment.view.world.observedSharePpm && !rollout::isEnd(state.phase) // then it is nobody's share any more
            ? RolloutPresenter::tr("seen %1").arg(shareText(*moment.view.world.observedSharePpm, moment.formats))
            : QString();
    const QString approval = approvalWords(stage.approve, !state.warnings.empty());
    // While people are waited for, their roles say the phase and the bake clock has run out.
    if (state.phase == rollout::Phase::AwaitingApproval && !approval.isEmpty() && !seen.isEmpty()) {
        out.cornerRuns = false;
        out.corner = seen;
        out.detail = approval;
        return;
    }
    QStringList words{phaseWords(moment.view).word};
    for (const QString& more : {seen, approval})
        if (!more.isEmpty()) words << more;
    out.detail = words.join(QStringLiteral(" · "));
}

void showFuture(StageRailData::Stage& out, const Stage& stage, bool last, const RolloutMoment& moment)
{
    out.when = When::Future;
    out.corner = lengthText(stage.bake, moment.formats);
    const QString approval = approvalWords(stage.approve);
    out.detail = approval.isEmpty() ? RolloutPresenter::tr("Goes on by itself") : approval;
    const Duration watch = moment.view.playbook->watch.length;
    if (last && watch > Duration(0)) {
        out.corner = RolloutPresenter::tr("watch %1").arg(lengthText(watch, moment.formats));
        out.detail = RolloutPresenter::tr("%1 is kept until then").arg(text(moment.state().fromVersion));
    }
}

} // namespace

QString RolloutPresenter::roles(const std::vector<std::string>& roles)
{
    if (roles.empty()) return tr("any approver");
    QStringList names;
    for (const std::string& role : roles)
        names << roleText(role);
    return names.join(tr(" or "));
}

StageRailData RolloutPresenter::rail(const RolloutMoment& moment)
{
    StageRailData out;
    if (!moment.view.playbook) return out;
    const rollout::Rollout& state = moment.state();
    const auto& stages = moment.view.playbook->stages;
    const bool begun = state.phase != rollout::Phase::Preparing && state.phase != rollout::Phase::Cancelled;
    for (size_t i = 0; i < stages.size(); ++i) {
        StageRailData::Stage stage{.title = weightText(stages[i].weight, moment.formats)};
        const bool current = begun && static_cast<int>(i) == state.stage;
        const bool past = i < state.stages.size() && state.stages[i].passedAt && !current;
        if (current)
            showCurrent(stage, stages[i], moment);
        else if (past && static_cast<int>(i) < state.stage)
            showPast(stage, state.stages[i], moment);
        else
            showFuture(stage, stages[i], i + 1 == stages.size(), moment);
        stage.sentence = tr("Stage %1 of %2, %3: %4, %5")
                             .arg(i + 1)
                             .arg(stages.size())
                             .arg(text(stages[i].name), stage.corner, stage.detail);
        out.stages.append(stage);
    }
    return out;
}

} // namespace sluice::ui
