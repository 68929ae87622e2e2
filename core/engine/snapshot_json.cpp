// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/snapshot_json.h"

#include <utility>
#include <variant>

#include "core/engine/json_values.h"
#include "core/journal/event_codec.h"
#include "core/journal/rollout_codec.h"
#include "core/model/playbook_reader.h"

namespace sluice {

NLOHMANN_JSON_SERIALIZE_ENUM(Unit, {{Unit::Ratio, "ratio"},
                                    {Unit::Time, "time"},
                                    {Unit::Count, "count"},
                                    {Unit::PerSecond, "per_second"},
                                    {Unit::Plain, "plain"}})
NLOHMANN_JSON_SERIALIZE_ENUM(Worse, {{Worse::Higher, "higher"}, {Worse::Lower, "lower"}})

} // namespace sluice

namespace sluice::analysis {

NLOHMANN_JSON_SERIALIZE_ENUM(Freshness,
                             {{Freshness::NoData, "no_data"}, {Freshness::Fresh, "fresh"}, {Freshness::Late, "late"}})
NLOHMANN_JSON_SERIALIZE_ENUM(NoDataReason, {{NoDataReason::None, "none"},
                                            {NoDataReason::NeverSeen, "never_seen"},
                                            {NoDataReason::TooOld, "too_old"},
                                            {NoDataReason::TooFewRequests, "too_few_requests"},
                                            {NoDataReason::NotFinite, "not_finite"},
                                            {NoDataReason::SourceDown, "source_down"},
                                            {NoDataReason::NoBaseline, "no_baseline"}})
NLOHMANN_JSON_SERIALIZE_ENUM(Verdict, {{Verdict::NoData, "no_data"}, {Verdict::Pass, "pass"}, {Verdict::Fail, "fail"}})
NLOHMANN_JSON_SERIALIZE_ENUM(TriggerState, {{TriggerState::NoData, "no_data"},
                                            {TriggerState::Idle, "idle"},
                                            {TriggerState::Pending, "pending"},
                                            {TriggerState::Firing, "firing"},
                                            {TriggerState::Cooldown, "cooldown"}})
NLOHMANN_JSON_SERIALIZE_ENUM(Band, {{Band::Unknown, "unknown"},
                                    {Band::Proceed, "proceed"},
                                    {Band::Watch, "watch"},
                                    {Band::Pause, "pause"},
                                    {Band::Rollback, "rollback"}})
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Reading, metric, canary, stable, baseline, baselineIsBefore,
                                                canaryRequests, stableRequests, canaryNoData, stableNoData)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(RequirementResult, metric, verdict, warning, noData, observed, limit,
                                                wantBelow)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(TriggerStatus, id, metric, state, noData, observed, limit, marginPpm,
                                                heldFor, firesIn, cooldownLeft)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(ScorePartResult, id, title, weightPpm, milliPoints, because)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(ScoreResult, milli, band, heldBand, bandFor, parts)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(ChartPoint, atUs, value)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Assessment, sampleTime, age, freshness, canaryRequestsInStage, readings,
                                                requirements, triggers, score)

} // namespace sluice::analysis

namespace sluice::rollout {

NLOHMANN_JSON_SERIALIZE_ENUM(ProxyFact::State, {{ProxyFact::State::Unknown, "unknown"},
                                                {ProxyFact::State::Verified, "verified"},
                                                {ProxyFact::State::Converging, "converging"},
                                                {ProxyFact::State::Unreachable, "unreachable"},
                                                {ProxyFact::State::Refused, "refused"},
                                                {ProxyFact::State::TakenOver, "taken_over"}})
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(ProxyFact, name, state, generation, limit, canaryMaint, canaryRequests,
                                                stableRequests, sinceAnswer, detail)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(WorkloadFact, known, version, ready, wanted, problem)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(World, proxies, observedSharePpm, observedRequests, canaryQuietFor,
                                                canary, stable, healthProbed, healthOk, healthProblem, criticalAlert)

// The code is written by its name: a number would bind every reader to the order of the enumeration.
void to_json(nlohmann::json& j, const WaitReason& reason)
{
    j = {{"code", waitCodeName(reason.code)},
         {"text", waitText(reason)},
         {"holds", reason.holds},
         {"subject", reason.subject},
         {"observed", reason.observed},
         {"required", reason.required},
         {"since", reason.since},
         {"expectedEnd", reason.expectedEnd},
         {"unblockedBy", reason.unblockedBy},
         {"title", reason.title},
         {"unit", reason.unit},
         {"wantBelow", reason.wantBelow}};
}
void from_json(const nlohmann::json& j, WaitReason& reason)
{
    const auto name = j.at("code").get<std::string>();
    int code = 0;
    while (code <= static_cast<int>(WaitCode::NotDriving) && waitCodeName(static_cast<WaitCode>(code)) != name)
        ++code;
    if (code > static_cast<int>(WaitCode::NotDriving))
        throw nlohmann::json::other_error::create(501, "a wait that this version does not know: " + name, &j);
    reason.code = static_cast<WaitCode>(code);
    j.at("holds").get_to(reason.holds);
    j.at("subject").get_to(reason.subject);
    j.at("observed").get_to(reason.observed);
    j.at("required").get_to(reason.required);
    j.at("since").get_to(reason.since);
    j.at("expectedEnd").get_to(reason.expectedEnd);
    j.at("unblockedBy").get_to(reason.unblockedBy);
    j.at("title").get_to(reason.title);
    j.at("unit").get_to(reason.unit);
    j.at("wantBelow").get_to(reason.wantBelow);
}
void to_json(nlohmann::json& j, const MoveState& move)
{
    j = {{"move", static_cast<int>(move.move)},
         {"name", moveName(move.move)},
         {"legal", move.legal},
         {"because", move.because}};
}
void from_json(const nlohmann::json& j, MoveState& move)
{
    move.move = static_cast<Move>(j.at("move").get<int>());
    j.at("legal").get_to(move.legal);
    j.at("because").get_to(move.because);
}

} // namespace sluice::rollout

namespace sluice::engine {

NLOHMANN_JSON_SERIALIZE_ENUM(SourceStatus::State, {{SourceStatus::State::Never, "never"},
                                                   {SourceStatus::State::Fresh, "fresh"},
                                                   {SourceStatus::State::Late, "late"},
                                                   {SourceStatus::State::Gone, "gone"},
                                                   {SourceStatus::State::Idle, "idle"}})
NLOHMANN_JSON_SERIALIZE_ENUM(EngineStatus::Role, {{EngineStatus::Role::Observer, "observer"},
                                                  {EngineStatus::Role::Driver, "driver"},
                                                  {EngineStatus::Role::Alone, "alone"}})

/// An event whose words would fill the picture is told by its English sentence alone.
constexpr size_t kEventBytes = 4096;

void to_json(nlohmann::json& j, const LogLine& line)
{
    j = {{"at", line.at},     {"version", line.version}, {"name", line.name},
         {"text", line.text}, {"by", line.by},           {"step", line.step}};
    if (!line.event) return;
    journal::EncodedEvent event = journal::encodeEvent(*line.event);
    if (event.body.size() > kEventBytes) return;
    j["schema"] = event.schema;
    j["event"] = std::move(event.body);
}
void from_json(const nlohmann::json& j, LogLine& line)
{
    j.at("at").get_to(line.at);
    j.at("version").get_to(line.version);
    j.at("name").get_to(line.name);
    j.at("text").get_to(line.text);
    j.at("by").get_to(line.by);
    line.step = j.value("step", std::string());
    if (!j.contains("event")) return;
    // A newer program's event is not half understood: its sentence stands.
    auto event =
        journal::decodeEvent(line.name, j.at("schema").get<int>(), j.at("event").get_ref<const std::string&>());
    if (event.ok()) line.event = std::make_shared<const rollout::Event>(std::move(event).value());
}
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(StopView, by, reason, since)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(TargetView, id, service, environment, stableVersion, live, stop, lab,
                                                playbook, sparkline)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(SourceStatus, name, kind, state, age, problem)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(EngineStatus, role, holder, renewedAgo, problem, rollbackCheckedAgo,
                                                demo)

namespace {

nlohmann::json viewJson(const RolloutView& view)
{
    nlohmann::json j = {{"state", nlohmann::json::parse(journal::encodeRollout(view.state))},
                        {"service", view.service},
                        {"environment", view.environment},
                        {"lab", view.lab},
                        {"world", view.world},
                        {"assessment", view.assessment},
                        {"waits", view.waits},
                        {"moves", view.moves},
                        {"log", view.log},
                        {"expectedEnd", view.expectedEnd}};
    return j;
}

Result<RolloutView> viewFrom(const nlohmann::json& j, std::map<std::string, std::shared_ptr<const Playbook>>& playbooks)
{
    RolloutView view;
    auto state = journal::decodeRollout(j.at("state").dump());
    if (!state.ok()) return state.error();
    view.state = std::move(state).value();
    j.at("service").get_to(view.service);
    j.at("environment").get_to(view.environment);
    j.at("lab").get_to(view.lab);
    j.at("world").get_to(view.world);
    j.at("assessment").get_to(view.assessment);
    j.at("waits").get_to(view.waits);
    j.at("moves").get_to(view.moves);
    j.at("log").get_to(view.log);
    j.at("expectedEnd").get_to(view.expectedEnd);
    auto& playbook = playbooks[view.state.playbookHash];
    if (!playbook && j.contains("playbook")) {
        auto read = readPlaybook(j.at("playbook").get<std::string>(), view.state.playbookName,
                                 j.at("settings").get<std::map<std::string, std::string>>());
        if (auto* good = std::get_if<Playbook>(&read)) playbook = std::make_shared<const Playbook>(std::move(*good));
    }
    view.playbook = playbook;
    return view;
}

} // namespace

std::string encodeRollout(const RolloutView& view)
{
    return viewJson(view).dump();
}

std::string encodeSnapshot(const Snapshot& snapshot)
{
    nlohmann::json rollouts = nlohmann::json::array();
    for (const auto& view : snapshot.rollouts) {
        rollouts.push_back(viewJson(*view));
        if (!view->playbook) continue;
        rollouts.back()["playbook"] = view->playbook->text;
        rollouts.back()["settings"] = view->playbook->settings;
    }
    const nlohmann::json j = {{"format", 1},
                              {"number", snapshot.number},
                              {"wall", snapshot.now.wall},
                              {"boot", snapshot.now.boot},
                              {"engine", snapshot.engine},
                              {"targets", snapshot.targets},
                              {"sources", snapshot.sources},
                              {"rollouts", std::move(rollouts)}};
    return j.dump();
}

Result<Snapshot> decodeSnapshot(const std::string& text,
                                std::map<std::string, std::shared_ptr<const Playbook>>& playbooks)
{
    try {
        const nlohmann::json j = nlohmann::json::parse(text);
        if (j.at("format").get<int>() != 1)
            return Error{Fault::BadInput, "The live picture has a format this version cannot read."};
        Snapshot snapshot;
        j.at("number").get_to(snapshot.number);
        j.at("wall").get_to(snapshot.now.wall);
        j.at("boot").get_to(snapshot.now.boot);
        j.at("engine").get_to(snapshot.engine);
        j.at("targets").get_to(snapshot.targets);
        j.at("sources").get_to(snapshot.sources);
        for (const nlohmann::json& one : j.at("rollouts")) {
            auto view = viewFrom(one, playbooks);
            if (!view.ok()) return view.error();
            snapshot.rollouts.push_back(std::make_shared<const RolloutView>(std::move(view).value()));
        }
        return snapshot;
    } catch (const nlohmann::json::exception& problem) {
        return Error{Fault::BadInput, std::string("The live picture cannot be read: ") + problem.what()};
    }
}

} // namespace sluice::engine
