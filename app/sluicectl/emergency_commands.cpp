// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <optional>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/composition/milliseconds.h"
#include "app/sluicectl/commands.h"

namespace sluice::app::ctl {

namespace {

constexpr Duration kEmergencyLimit = std::chrono::seconds(2);

struct EmergencyOptions {
    std::string target{};
    std::string reason{};
};

nlohmann::json proxyJson(const adapters::EmergencyProxy& proxy)
{
    const char* outcome = proxy.verified ? "applied" : proxy.refused ? "refused" : "unknown";
    nlohmann::json one = {{"name", proxy.name}, {"address", proxy.address}, {"outcome", outcome}};
    if (proxy.verified) {
        one["zeroAfterMs"] = milliseconds(proxy.took);
        return one;
    }
    one["problem"] = proxy.problem;
    one["byHand"] = proxy.manualCommand;
    return one;
}

/// What came of one target: an object each, also when nothing could be sent there.
nlohmann::json targetJson(const TargetId& target, const Result<EmergencyAnswer>& fired)
{
    nlohmann::json one = {{"target", target.value}};
    if (!fired.ok()) {
        one.update(failureJson(fired.error()));
        one["proxies"] = nlohmann::json::array();
        return one;
    }
    const EmergencyAnswer& answer = fired.value();
    one["outcome"] = answer.complete ? "applied" : "unknown";
    one["answer"] = answer.text;
    one["tookMs"] = milliseconds(answer.report.took);
    if (answer.report.allVerified()) one["zeroAfterMs"] = milliseconds(answer.report.took);
    one["stopWritten"] = answer.stopWritten;
    for (const adapters::EmergencyProxy& proxy : answer.report.proxies)
        one["proxies"].push_back(proxyJson(proxy));
    return one;
}

/// For people: what was done on stdout, what is left to do on stderr.
void tell(bool json, const Result<EmergencyAnswer>& fired)
{
    const bool done = fired.ok() && fired.value().complete;
    if (done && !json) fmt::print("{}\n", fired.value().text);
    if (!done) fmt::print(stderr, "sluicectl: {}\n", fired.ok() ? fired.value().text : fired.error().detail);
}

Result<std::vector<const TargetConfig*>> targetsOf(const Context& context, const EmergencyOptions& options,
                                                   bool everything)
{
    std::vector<const TargetConfig*> targets;
    if (everything) {
        for (const TargetConfig& target : context.connections.targets)
            targets.push_back(&target);
        return targets;
    }
    const auto target = pickTarget(context.connections, options.target);
    if (!target.ok()) return target.error();
    targets.push_back(target.value());
    return targets;
}

/// An answer for each target. Who may not act at one (on a real target --as is not enough) stops no other.
std::vector<Result<EmergencyAnswer>> fireAt(const Context& context, const std::vector<const TargetConfig*>& targets,
                                            const std::string& reason)
{
    std::vector<ports::StopRecord> stops;
    std::vector<std::optional<Error>> refused;
    for (const TargetConfig* target : targets) {
        const auto actor = context.actor(target->id);
        refused.emplace_back();
        if (!actor.ok()) {
            refused.back() = Error{actor.error().fault, target->id.value + ": " + actor.error().detail};
            continue;
        }
        stops.push_back({.target = target->id,
                         .person = actor.value().person,
                         .proof = actor.value().proof,
                         .reason = reason,
                         .at = context.store.clock->now().wall});
    }
    auto answers = context.store.emergency->send(stops, kEmergencyLimit);
    std::vector<Result<EmergencyAnswer>> all;
    auto answer = answers.begin();
    for (const std::optional<Error>& error : refused)
        all.push_back(error ? Result<EmergencyAnswer>(*error) : std::move(*answer++));
    return all;
}

/// What all targets came to when it is the same everywhere, else "unknown".
nlohmann::json outcomeOfAll(const nlohmann::json& targets)
{
    const nlohmann::json first = targets.empty() ? nlohmann::json("applied") : targets.front()["outcome"];
    const bool same = std::ranges::all_of(targets, [&](const nlohmann::json& one) { return one["outcome"] == first; });
    return same ? first : nlohmann::json("unknown");
}

/// Files and sockets only: no engine, no lease, no journal.
int fire(const Globals& globals, const EmergencyOptions& options, bool everything)
{
    const auto opened = openFiles(globals);
    if (!opened.ok()) return fail(globals.json, opened.error());
    const Context& context = opened.value();
    const auto targets = targetsOf(context, options, everything);
    if (!targets.ok()) return fail(globals.json, {targets.error(), "target", targetNames(context.connections)});
    int code = kYes;
    nlohmann::json all = nlohmann::json::array();
    const BootTime began = context.store.clock->now().boot;
    const auto answers = fireAt(context, targets.value(), options.reason);
    for (size_t i = 0; i < answers.size(); ++i) {
        const auto& fired = answers[i];
        if (!fired.ok())
            code = std::max(code, exitCode(fired.error().fault));
        else if (!fired.value().complete)
            code = std::max(code, kOut);
        tell(globals.json, fired);
        all.push_back(targetJson(targets.value()[i]->id, fired));
    }
    const Duration took = context.store.clock->now().boot - began;
    if (globals.json)
        printJson(
            {{"outcome", outcomeOfAll(all)}, {"tookMs", milliseconds(took)}, {"targets", all}, {"exitCode", code}});
    else if (code == kYes)
        fmt::print("A stop is in force: nothing new starts there until 'sluicectl stop clear'.\n");
    return code;
}

} // namespace

void addEmergencyCommands(Registry& registry)
{
    CLI::App* emergency = registry.add("emergency-rollback", "Traffic to zero now, without engine, lease and journal");
    auto& e = registry.keep<EmergencyOptions>();
    emergency->add_option("target", e.target, "service/environment; the only one without it");
    emergency->add_option("--reason", e.reason, "Kept in the journal");
    registry.run(emergency, [&registry, &e] { return fire(registry.globals(), e, false); });

    CLI::App* everything =
        registry.add("emergency-stop", "Every target to its safe state; nothing starts until cleared");
    auto& s = registry.keep<EmergencyOptions>();
    everything->add_option("--reason", s.reason, "Kept in the journal");
    registry.run(everything, [&registry, &s] { return fire(registry.globals(), s, true); });
}

} // namespace sluice::app::ctl
