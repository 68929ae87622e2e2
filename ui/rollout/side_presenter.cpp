// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <map>
#include <string>
#include <variant>

#include "ui/rollout/event_words.h"
#include "ui/rollout/phase_words.h"
#include "ui/rollout/rollout_presenter.h"

namespace sluice::ui {

namespace {

using analysis::Band;
using analysis::TriggerState;
using analysis::TriggerStatus;

constexpr int64_t kWeakPart = 70'000; ///< a part under this pulls the score down: it gets the colour

QString points(int64_t milli)
{
    return QString::number(milli / 1000);
}

Tone bandTone(Band band)
{
    switch (band) {
    case Band::Unknown:
    case Band::Proceed: return Tone::Text;
    case Band::Watch:
    case Band::Pause: return Tone::Warning;
    case Band::Rollback: return Tone::Critical;
    }
    return Tone::Text;
}

QString bandMeaning(Band band, const ScoreRule& rule, const Formats& formats)
{
    const QString proceed = points(rule.proceedMilli);
    const QString watch = points(rule.watchMilli);
    const QString pause = points(rule.pauseMilli);
    switch (band) {
    case Band::Unknown: return RolloutPresenter::tr("A part has no data, so there is no score; nothing advances.");
    case Band::Proceed:
        return RolloutPresenter::tr("%1 and above: the stage may go on; under %1 a person decides").arg(proceed);
    case Band::Watch:
        return RolloutPresenter::tr("%1 to %2: promotion needs a person; under %1 pauses, under %3 rolls back")
            .arg(watch, points(rule.proceedMilli - 1), pause);
    case Band::Pause:
        return RolloutPresenter::tr("%1 to %2: paused until a person resumes; under %1 rolls back")
            .arg(pause, points(rule.watchMilli - 1));
    case Band::Rollback:
        return RolloutPresenter::tr("under %1: rolls back when it holds for %2")
            .arg(pause, lengthText(rule.hold, formats));
    }
    return {};
}

/// Nearest to firing first.
int urgency(TriggerState state)
{
    switch (state) {
    case TriggerState::Firing: return 0;
    case TriggerState::Pending: return 1;
    case TriggerState::Cooldown: return 2;
    case TriggerState::NoData: return 3;
    case TriggerState::Idle: return 4;
    }
    return 4;
}

const Trigger* triggerOf(const RolloutMoment& moment, const std::string& id)
{
    if (!moment.view.playbook) return nullptr;
    const auto& all = moment.view.playbook->triggers;
    const auto found = std::ranges::find(all, id, &Trigger::id);
    return found == all.end() ? nullptr : &*found;
}

Unit unitOf(const RolloutMoment& moment, const std::string& metric)
{
    const Metric* found = moment.view.playbook ? moment.view.playbook->metric(metric) : nullptr;
    return found == nullptr ? Unit::Plain : found->unit;
}

void showState(TriggerPanelData::Row& row, const TriggerStatus& status, const Trigger* trigger,
               const RolloutMoment& moment)
{
    switch (status.state) {
    case TriggerState::Firing:
        row.state = RolloutPresenter::tr("◆ firing");
        row.tone = Tone::Critical;
        return;
    case TriggerState::Pending:
        row.state = RolloutPresenter::tr("fires in %1").arg(clockText(status.firesIn));
        row.tone = Tone::Warning;
        return;
    case TriggerState::Cooldown:
        row.state = RolloutPresenter::tr("cooldown %1").arg(clockText(status.cooldownLeft));
        row.tone = Tone::Second;
        return;
    case TriggerState::NoData:
        row.state = RolloutPresenter::noDataWords(status.noData);
        row.tone = Tone::Third;
        return;
    case TriggerState::Idle: break;
    }
    row.tone = Tone::Text;
    const bool counts = trigger != nullptr && trigger->when.kind == Condition::Kind::Above;
    if (counts && unitOf(moment, status.metric) == Unit::Count && status.observed)
        row.state = RolloutPresenter::tr("%1 seen").arg(valueText(*status.observed, Unit::Count, moment.formats));
    else if (status.marginPpm)
        row.state =
            RolloutPresenter::tr("margin %1").arg(percentText(*status.marginPpm / 10'000 * 10'000, moment.formats));
    else
        row.state = RolloutPresenter::tr("idle");
}

QString resetWords(const TriggerStatus& status)
{
    switch (status.state) {
    case TriggerState::Pending:
        return RolloutPresenter::tr("True for %1; one value within the limit resets it.")
            .arg(clockText(status.heldFor));
    case TriggerState::Cooldown:
        return RolloutPresenter::tr("Fired; it may fire again in %1.").arg(clockText(status.cooldownLeft));
    case TriggerState::NoData: return RolloutPresenter::tr("Without data it neither fires nor resets for 30 s.");
    case TriggerState::Firing: return RolloutPresenter::tr("It fires now.");
    case TriggerState::Idle: return RolloutPresenter::tr("Within its limit.");
    }
    return {};
}

/// Of a trigger whose metric says nothing: it is within no limit.
QString unseenWords(const TriggerStatus& status)
{
    const QString none = RolloutPresenter::tr("There is no data.");
    return status.state == TriggerState::Idle ? none : RolloutPresenter::tr("%1 %2").arg(none, resetWords(status));
}

/// One line of the log that tells of drift, and how many of them it stands for.
struct DriftLine {
    qsizetype at{0};
    int count{1};
    WallTime oldest{};
};

/// One reload of a proxy is put right line by line: what follows within seconds is one line. The journal keeps each.
class DriftFold {
public:
    static constexpr Duration kTogether = std::chrono::seconds(5);

    /// Newest first; true: `line` is told by one that stands already. `next` is where it would stand.
    bool takes(const engine::LogLine& line, qsizetype next)
    {
        const auto* drift = line.event ? std::get_if<rollout::DriftCorrected>(line.event.get()) : nullptr;
        if (drift == nullptr) {
            m_run.clear();
            return false;
        }
        const auto known = m_run.find(drift->proxy);
        if (known == m_run.end() || known->second.oldest - line.at > kTogether) {
            m_run[drift->proxy] = {.at = next, .oldest = line.at};
            return false;
        }
        ++known->second.count;
        known->second.oldest = line.at;
        m_counts[known->second.at] = known->second.count;
        return true;
    }
    /// How many lines stand for more than one, by their place.
    const std::map<qsizetype, int>& counts() const { return m_counts; }

private:
    std::map<std::string, DriftLine> m_run{}; ///< by proxy, since the last line that was none of drift
    std::map<qsizetype, int> m_counts{};
};

} // namespace

QString RolloutPresenter::metricTitle(const RolloutMoment& moment, const std::string& metric)
{
    const Metric* found = moment.view.playbook ? moment.view.playbook->metric(metric) : nullptr;
    return text(found == nullptr || found->title.empty() ? metric : found->title);
}

ScorePanelData RolloutPresenter::score(const RolloutMoment& moment)
{
    ScorePanelData out{.score = dash()};
    if (!moment.view.playbook || moment.view.playbook->score.parts.empty()) {
        out.meaning = tr("This playbook has no score; requirements and triggers decide.");
        return out;
    }
    const analysis::ScoreResult& result = moment.view.assessment.score;
    out.score = scoreText(result.milli);
    out.tone = bandTone(result.band);
    const QString mark = toneMark(out.tone);
    out.band = mark.isEmpty() ? bandWord(result.band) : mark + QLatin1Char(' ') + bandWord(result.band);
    out.meaning = bandMeaning(result.band, moment.view.playbook->score, moment.formats);
    for (const analysis::ScorePartResult& part : result.parts) {
        ScorePanelData::Part row{.title = text(part.title), .value = scoreText(part.milliPoints)};
        row.weight = QStringLiteral("×") +
                     moment.formats.locale.toString(static_cast<double>(part.weightPpm) / kMillion, 'f', 2);
        row.because = text(part.because);
        row.ppm = part.milliPoints.value_or(0) * 10;
        row.tone = part.milliPoints && *part.milliPoints < kWeakPart ? Tone::Warning : Tone::Stable;
        out.parts.append(row);
    }
    return out;
}

QString RolloutPresenter::triggerCondition(const RolloutMoment& moment, const Trigger& trigger)
{
    const QString title = metricTitle(moment, trigger.when.metric);
    const Unit unit = unitOf(moment, trigger.when.metric);
    const int64_t limit = trigger.when.limit;
    QString out;
    switch (trigger.when.kind) {
    case Condition::Kind::Above:
        out = tr("%1 > %2").arg(title, valueText(limit, unit, moment.formats, Digits::Trimmed));
        break;
    case Condition::Kind::Below:
        out = tr("%1 < %2").arg(title, valueText(limit, unit, moment.formats, Digits::Trimmed));
        break;
    case Condition::Kind::AboveBaseline:
        out = limit >= kMillion && limit % kMillion == 0
                  ? tr("%1 > %2 × baseline").arg(title).arg(limit / kMillion + 1)
                  : tr("%1 up > %2").arg(title, percentText(limit, moment.formats));
        break;
    case Condition::Kind::Drops: out = tr("%1 down > %2").arg(title, percentText(limit, moment.formats)); break;
    }
    if (trigger.hold > Duration(0)) return tr("%1, %2").arg(out, lengthText(trigger.hold, moment.formats));
    if (trigger.checks > 1) return tr("%1, checks in a row: %2").arg(out).arg(trigger.checks);
    return out;
}

TriggerPanelData RolloutPresenter::triggers(const RolloutMoment& moment, qsizetype atMost)
{
    std::vector<TriggerStatus> all = moment.view.assessment.triggers;
    std::ranges::stable_sort(all, [](const TriggerStatus& a, const TriggerStatus& b) {
        if (urgency(a.state) != urgency(b.state)) return urgency(a.state) < urgency(b.state);
        return a.marginPpm.value_or(kMillion) < b.marginPpm.value_or(kMillion);
    });
    const auto pending = std::ranges::count_if(all, [](const TriggerStatus& t) { return urgency(t.state) <= 1; });
    TriggerPanelData out;
    out.title = pending == 0 ? tr("Rollback triggers · %1 watched").arg(all.size())
                             : tr("Rollback triggers · %1 of %2 pending").arg(pending).arg(all.size());
    for (const TriggerStatus& status : all) {
        if (out.rows.size() >= atMost) break;
        const Trigger* trigger = triggerOf(moment, status.id);
        TriggerPanelData::Row row{.condition =
                                      trigger != nullptr ? triggerCondition(moment, *trigger) : text(status.id)};
        showState(row, status, trigger, moment);
        const Unit unit = unitOf(moment, status.metric);
        const bool counted = status.observed || status.state == TriggerState::Pending;
        row.detail = counted ? tr("Seen %1, limit %2. %3")
                                   .arg(valueText(status.observed, unit, moment.formats),
                                        valueText(status.limit, unit, moment.formats), resetWords(status))
                             : unseenWords(status);
        out.rows.append(row);
    }
    return out;
}

ChecklistData RolloutPresenter::checklist(const RolloutMoment& moment)
{
    ChecklistData out;
    if (!moment.view.playbook) return out;
    const Checklists& lists = moment.view.playbook->checklists;
    const rollout::Phase phase = moment.state().phase;
    const bool before = phase == rollout::Phase::Preparing;
    const bool after =
        phase == rollout::Phase::Watching || phase == rollout::Phase::Finalising || phase == rollout::Phase::Stable;
    const auto& items = before ? lists.pre : after ? lists.post : lists.during;
    out.title = before  ? tr("Checklist, before exposure")
                : after ? tr("Checklist, before stable")
                        : tr("Checklist, during deployment");
    qsizetype ticked = 0;
    for (const ChecklistItem& item : items) {
        const auto found = moment.state().ticked.find(item.id);
        ChecklistData::Item row{.id = text(item.id), .text = text(item.text)};
        row.ticked = found != moment.state().ticked.end();
        if (row.ticked)
            row.by = tr("%1, %2").arg(text(found->second.by.value), timeText(found->second.at, moment.formats));
        ticked += row.ticked ? 1 : 0;
        out.items.append(row);
    }
    out.counter = QStringLiteral("%1/%2").arg(ticked).arg(out.items.size());
    out.complete = ticked == out.items.size();
    const MoveWords may = move(moment, rollout::Move::TickItem);
    if (!may.allowed) out.cannotTick = may.because;
    return out;
}

EventLogData RolloutPresenter::log(const RolloutMoment& moment)
{
    EventLogData out;
    DriftFold folded;
    for (auto line = moment.view.log.rbegin(); line != moment.view.log.rend(); ++line) {
        // Bake credit comes once a minute and says nothing that the rail does not; History keeps every line.
        if (line->name == "bake_credited" || line->name == "watch_credited") continue;
        if (folded.takes(*line, out.lines.size())) continue;
        const bool person = !line->by.empty() && line->by.value != "engine";
        // Of an engine of another version there may be only a sentence.
        const QString words = line->event ? eventWords(*line->event, line->step, moment.formats)
                                          : storedWords(line->text, moment.formats);
        out.lines.append(
            {timeText(line->at, moment.formats), person ? tr("%1 (%2)").arg(words, text(line->by.value)) : words});
    }
    for (const auto& [at, count] : folded.counts())
        out.lines[at].text = tr("%1 (%2 times)").arg(out.lines.at(at).text).arg(count);
    return out;
}

} // namespace sluice::ui
