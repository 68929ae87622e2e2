// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/sluicectl/commands.h"

namespace sluice::app::ctl {

namespace {

constexpr Duration kEmergencyLimit = std::chrono::seconds(2);

struct EmergencyOptions {
    std::string target{};
    std::string reason{};
};

int64_t milliseconds(Duration duration)
{
    return (duration.count() + 500) / 1000;
}

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
    for (const TargetConfig* target : targets.value()) {
        const auto actor = context.actor(target->id);
        if (!actor.ok()) return fail(globals.json, actor.error());
        const ports::StopRecord record{.target = target->id,
                                       .person = actor.value().person,
                                       .proof = actor.value().proof,
                                       .reason = options.reason,
                                       .at = context.store.clock->now().wall};
        const auto fired = context.store.emergency->send(target->id, record, kEmergencyLimit);
        if (!fired.ok())
            code = std::max(code, exitCode(fired.error().fault));
        else if (!fired.value().complete)
            code = std::max(code, kOut);
        tell(globals.json, fired);
        all.push_back(targetJson(target->id, fired));
    }
    const Duration took = context.store.clock->now().boot - began;
    if (globals.json)
        printJson({{"outcome", code == kYes ? "applied" : "unknown"},
                   {"tookMs", milliseconds(took)},
                   {"targets", all},
                   {"exitCode", code}});
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
