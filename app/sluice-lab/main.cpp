// SPDX-License-Identifier: GPL-3.0-or-later
#include <csignal>
#include <cstdio>
#include <functional>
#include <map>
#include <optional>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/sluice-lab/control.h"
#include "app/sluice-lab/fault.h"
#include "app/sluice-lab/lab.h"
#include "app/sluice-lab/main_job.h"
#include "app/sluice-lab/service.h"
#include "app/sluice-lab/share_probe.h"

namespace {

using namespace sluice;
using namespace sluice::app::lab;

constexpr int kUsage = 2;
constexpr Duration kProbePatience = std::chrono::seconds(60);

int exitCode(const Error& error)
{
    switch (error.fault) {
    case Fault::BadInput: return kUsage;
    case Fault::Refused: return 3;
    case Fault::Unreachable:
    case Fault::Unknown:
    case Fault::Internal: return 4;
    }
    return 4;
}

int fail(const Error& error)
{
    fmt::print(stderr, "sluice-lab: {}\n", error.detail);
    return exitCode(error);
}

int finish(const Outcome& outcome)
{
    return outcome ? 0 : fail(outcome.error());
}

/// Everything the command line can say.
struct Arguments {
    std::string dir{"lab"};
    LabOptions lab{};
    std::string limit{"20m"};
    std::string fault{};
    std::string track{"canary"};
    std::string atWeight{};
    std::string version{};
    std::string part{};
    std::optional<int> replica{};
    std::optional<int> instances{};
    int users{10'000};
    bool json{false};
    ServiceOptions service{};
    MainJobOptions job{};
};

int up(Arguments arguments)
{
    const auto dir = labDirectory(arguments.dir);
    if (!dir) return fail(dir.error());
    const auto limit = parseDuration(arguments.limit);
    if (!limit) return fail(Error{Fault::BadInput, "--for: " + limit.error().detail});
    arguments.lab.dir = dir.value();
    arguments.lab.limit = limit.value();
    return finish(runLab(arguments.lab));
}

Result<nlohmann::json> ask(const Arguments& arguments, const nlohmann::json& request)
{
    const auto dir = labDirectory(arguments.dir);
    if (!dir) return dir.error();
    return askLab(dir.value(), request);
}

int send(const Arguments& arguments, const nlohmann::json& request)
{
    const auto answer = ask(arguments, request);
    if (!answer) return fail(answer.error());
    const auto now = answer.value().find("now");
    if (now != answer.value().end() && now->is_string()) fmt::print("{}\n", now->get<std::string>());
    return 0;
}

int fault(const Arguments& arguments)
{
    std::string text = arguments.fault;
    if (!arguments.atWeight.empty()) text += "@" + arguments.atWeight;
    if (const auto order = parseFault(text); !order) return fail(order.error()); // before a lab is looked for
    nlohmann::json request{{"do", "fault"}, {"track", arguments.track}, {"fault", text}};
    if (arguments.replica) request["replica"] = *arguments.replica;
    return send(arguments, request);
}

int deploy(const Arguments& arguments)
{
    nlohmann::json request{{"do", "deploy"}, {"track", arguments.track}, {"version", arguments.version}};
    if (arguments.instances) request["instances"] = *arguments.instances;
    return send(arguments, request);
}

int stats(const Arguments& arguments)
{
    const auto answer = ask(arguments, {{"do", "stats"}});
    if (!answer) return fail(answer.error());
    if (arguments.json) {
        fmt::print("{}\n", answer.value().dump(2));
        return 0;
    }
    for (const auto& [track, counts] : answer.value()["tracks"].items()) {
        fmt::print("{:7} {:>9} requests {:>7} errors {:>7} users\n", track, counts["requests"].get<uint64_t>(),
                   counts["errors"].get<uint64_t>(), counts["users"].get<uint64_t>());
    }
    return 0;
}

int status(const Arguments& arguments)
{
    const auto answer = ask(arguments, {{"do", "status"}});
    if (!answer) return fail(answer.error());
    if (arguments.json) {
        fmt::print("{}\n", answer.value().dump(2));
        return 0;
    }
    for (const auto& [track, entry] : answer.value()["tracks"].items()) {
        fmt::print("{:7} {:10} {} of {} ready\n", track, entry["version"].get<std::string>(), entry["ready"].get<int>(),
                   entry["wanted"].get<int>());
    }
    for (const auto& program : answer.value()["programs"]) {
        fmt::print("{:10} port {} pid {}\n", program["name"].get<std::string>(), program["port"].get<int>(),
                   program["pid"].get<int>());
    }
    fmt::print("canary share asked {}%\n", answer.value()["split"].get<int>() / 100.0);
    return 0;
}

int probe(const Arguments& arguments)
{
    const auto answer = ask(arguments, {{"do", "status"}});
    if (!answer) return fail(answer.error());
    const auto ports = answer.value()["proxy_ports"].get<std::vector<int>>();
    const ShareProbe seen = probeShare(ports, arguments.users, kProbePatience);
    const double seconds = static_cast<double>(micros(seen.took)) / 1e6;
    if (arguments.json) {
        const nlohmann::json body{{"users", seen.users},         {"canary", seen.canary},
                                  {"stable", seen.stable},       {"failed", seen.failed},
                                  {"disagreed", seen.disagreed}, {"versions", seen.versions},
                                  {"weight", seen.weight()},     {"asked_weight", answer.value()["split"]},
                                  {"seconds", seconds}};
        fmt::print("{}\n", body.dump(2));
    } else {
        fmt::print("{} of {} users answered by the canary: {:.2f}% (asked {}%), {} not answered, {:.1f} s\n",
                   seen.canary, seen.users, seen.weight() / 100, answer.value()["split"].get<int>() / 100.0,
                   seen.failed, seconds);
    }
    return seen.failed == seen.users ? fail({Fault::Unreachable, "No proxy answered."}) : 0;
}

using Run = std::function<int()>;

CLI::App* command(CLI::App& app, std::map<CLI::App*, Run>& runs, Arguments& arguments, const std::string& name,
                  const std::string& text, Run run)
{
    CLI::App* sub = app.add_subcommand(name, text);
    sub->add_option("--dir", arguments.dir, "Folder of the lab")->required();
    runs[sub] = std::move(run);
    return sub;
}

void addLabCommands(CLI::App& app, std::map<CLI::App*, Run>& runs, Arguments& a)
{
    CLI::App* start =
        command(app, runs, a, "up", "Start a lab and keep it until --for is over", [&a] { return up(a); });
    start->add_option("--proxies", a.lab.proxies, "HAProxy instances")->check(CLI::Range(1, kMaxProxies));
    start->add_option("--rps", a.lab.rps, "Requests a second of all users together")->check(CLI::Range(1, kMaxRps));
    start->add_option("--for", a.limit, "The lab ends by itself after this, e.g. 20m");
    start->add_option("--replicas", a.lab.replicas, "Replica slots of each track")->check(CLI::Range(1, kMaxReplicas));
    start->add_option("--users", a.lab.users, "Distinct users")->check(CLI::Range(1, kMaxUsers));
    command(app, runs, a, "down", "End a lab", [&a] { return send(a, {{"do", "end"}}); });
    CLI::App* show = command(app, runs, a, "status", "What runs", [&a] { return status(a); });
    show->add_flag("--json", a.json, "Machine readable");
    CLI::App* count =
        command(app, runs, a, "stats", "Requests and users as the replicas counted them", [&a] { return stats(a); });
    count->add_flag("--json", a.json, "Machine readable");
    CLI::App* share =
        command(app, runs, a, "probe-share", "Ask once as each of many users who answers", [&a] { return probe(a); });
    share->add_option("--users", a.users, "How many users")->check(CLI::Range(1, 1'000'000));
    share->add_flag("--json", a.json, "Machine readable");
}

void addBreakCommands(CLI::App& app, std::map<CLI::App*, Run>& runs, Arguments& a)
{
    CLI::App* inject = command(app, runs, a, "fault", "Make replicas misbehave", [&a] { return fault(a); });
    inject->add_option("fault", a.fault, "e.g. errors=10%,latency=+400ms")->required();
    inject->add_option("--track", a.track, "stable or canary");
    inject->add_option("--replica", a.replica, "Only this slot, from 1");
    inject->add_option("--at-weight", a.atWeight, "When the canary reaches this share, e.g. 10%");
    command(app, runs, a, "clear", "End all faults", [&a] { return send(a, {{"do", "clear"}}); });
    CLI::App* order = command(app, runs, a, "deploy", "Run a version on a track", [&a] { return deploy(a); });
    order->add_option("--track", a.track, "stable or canary");
    order->add_option("--version", a.version, "e.g. v2.4.0")->required();
    order->add_option("--instances", a.instances, "Replicas; without it the number stays");
    const std::map<std::string, std::string> verbs{{"stop", "Freeze a part (SIGSTOP)"},
                                                   {"cont", "Let a frozen part go on"},
                                                   {"kill", "Kill a part; the lab starts it again"},
                                                   {"reload", "Reload a proxy"}};
    for (const auto& [verb, text] : verbs) {
        CLI::App* act = command(app, runs, a, verb, text, [&a, verb = verb] {
            return send(a, {{"do", verb}, {"part", a.part}});
        });
        act->add_option("part", a.part, "edge-1, prometheus, s1, c1")->required();
    }
}

void addMainJob(CLI::App& app, std::map<CLI::App*, Run>& runs, Arguments& a)
{
    CLI::App* job = app.add_subcommand("main-job", "A lab, one canary release through it, without a window");
    job->add_option("--dir", a.dir, "Folder of the lab; without it a new one in /tmp");
    job->add_option("--fault", a.job.fault, "What breaks, e.g. errors=10%@10% (when the canary reaches 10 %)");
    job->add_option("--users", a.job.users, "Distinct users asked per stage to prove the share")
        ->check(CLI::Range(10'000, 1'000'000));
    runs[job] = [&a, job] {
        if (job->count("--dir") > 0) a.job.dir = a.dir;
        return runMainJob(a.job);
    };
}

void addService(CLI::App& app, std::map<CLI::App*, Run>& runs, Arguments& a)
{
    CLI::App* service = app.add_subcommand("service")->group(""); // the lab starts it, nobody else
    service->add_option("--slot", a.service.slot)->required();
    service->add_option("--version", a.service.version)->required();
    service->add_option("--track", a.track)->required();
    service->add_option("--port", a.service.port)->required();
    service->add_option("--page-fd", a.service.pageFd)->required();
    runs[service] = [&a] {
        const auto track = parseTrack(a.track);
        if (!track) return fail(track.error());
        a.service.track = track.value();
        return runService(a.service);
    };
}

} // namespace

int main(int argc, char** argv)
{
    std::signal(SIGPIPE, SIG_IGN); // the reader of our progress lines may be gone
    CLI::App app("A real environment on loopback: HAProxy, Prometheus and a service in two versions under load.");
    app.require_subcommand(1);
    app.set_version_flag("--version", "sluice-lab " SLUICE_VERSION);
    Arguments arguments;
    std::map<CLI::App*, Run> runs;
    addLabCommands(app, runs, arguments);
    addBreakCommands(app, runs, arguments);
    addMainJob(app, runs, arguments);
    addService(app, runs, arguments);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : kUsage;
    }
    return runs.at(app.get_subcommands().front())();
}
