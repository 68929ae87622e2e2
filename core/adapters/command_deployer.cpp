// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/adapters/command_deployer.h"

#include <cstring>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/adapters/plain_text.h"
#include "core/model/value.h"

namespace sluice::adapters {

namespace {

/// Reads nothing that belongs to the deploying itself; it must not take as long.
constexpr Duration kStatusLimit = std::chrono::seconds(30);
constexpr size_t kMaxStatusLine = 64 * 1024;

std::string trackName(Track track)
{
    return track == Track::Canary ? "canary" : "stable";
}

std::string_view lastLine(std::string_view& text)
{
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
        text.remove_suffix(1);
    const size_t begin = text.rfind('\n');
    const std::string_view line = begin == std::string_view::npos ? text : text.substr(begin + 1);
    text.remove_suffix(line.size());
    return line;
}

std::optional<rollout::WorkloadFact> statusLine(std::string_view line)
{
    if (!line.starts_with('{') || line.size() > kMaxStatusLine) return std::nullopt;
    const nlohmann::json json = nlohmann::json::parse(line, nullptr, false);
    if (!json.is_object()) return std::nullopt;
    const auto number = [&json](const char* key) {
        const auto found = json.find(key);
        const bool fits = found != json.end() && found->is_number_integer() && found->get<int64_t>() >= 0 &&
                          found->get<int64_t>() <= 1'000'000;
        return fits ? found->get<int>() : -1;
    };
    const auto version = json.find("version");
    const int ready = number("ready");
    const int wanted = number("wanted");
    if (ready < 0 || wanted < 0 || version == json.end() || !version->is_string()) return std::nullopt;
    return rollout::WorkloadFact{
        .known = true, .version = plainText(version->get<std::string>()), .ready = ready, .wanted = wanted};
}

rollout::WorkloadFact unknown(std::string problem)
{
    return {.problem = std::move(problem)};
}

} // namespace

rollout::WorkloadFact factOf(const CommandResult& result)
{
    std::string_view errors = result.errors;
    const std::string said = plainText(lastLine(errors));
    switch (result.end) {
    case CommandResult::End::NotStarted:
        return unknown(fmt::format("The deploy command cannot be started: {}.", std::strerror(result.code)));
    case CommandResult::End::TimedOut:
        return unknown(fmt::format("The outcome is unknown: the deploy command did not end within {} and was ended.",
                                   durationText(result.took)));
    case CommandResult::End::Stopped: return unknown("The outcome is unknown: Sluice ended during the deploy command.");
    case CommandResult::End::Signalled:
        return unknown(fmt::format("The deploy command was ended by signal {}. {}", result.code, said));
    case CommandResult::End::Exited: break;
    }
    if (result.code != 0) return unknown(fmt::format("The deploy command ended with {}: {}", result.code, said));
    std::string_view output = result.output;
    while (!output.empty()) {
        if (auto fact = statusLine(lastLine(output))) return *fact;
    }
    return unknown("The deploy command ended without its status line.");
}

rollout::WorkloadFact CommandBackend::run(std::vector<std::string> arguments, const std::atomic<bool>& stop) const
{
    CommandRequest request{.argv = m_config.argv, .limit = m_config.timeout};
    if (arguments.back() == "--status") request.limit = std::min(request.limit, kStatusLimit);
    for (std::string& argument : arguments)
        request.argv.push_back(std::move(argument));
    return factOf(runCommand(request, stop));
}

rollout::WorkloadFact CommandBackend::deploy(const ports::WorkloadOrder& order, const std::atomic<bool>& stop)
{
    std::vector<std::string> arguments{"--track", trackName(order.track), "--version", order.version};
    if (order.instances >= 0) {
        arguments.emplace_back("--instances");
        arguments.push_back(std::to_string(order.instances));
    }
    return run(std::move(arguments), stop);
}

rollout::WorkloadFact CommandBackend::status(const TargetId&, Track track, const std::atomic<bool>& stop)
{
    return run({"--track", trackName(track), "--status"}, stop);
}

std::unique_ptr<ports::WorkloadController> makeCommandDeployer(DeployerConfig config, ports::Sink sink,
                                                               const ports::Clock& clock)
{
    return std::make_unique<WorkloadLoop>(std::make_unique<CommandBackend>(std::move(config)), std::move(sink), clock,
                                          CommandBackend::kStatusEvery);
}

} // namespace sluice::adapters
