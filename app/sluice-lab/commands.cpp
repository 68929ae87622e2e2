// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluice-lab/commands.h"

#include <fmt/format.h>

namespace sluice::app::lab {

namespace {

constexpr size_t kMaxPendingFaults = 8;
constexpr auto kLookEvery = std::chrono::milliseconds(200);

Error usage(std::string detail)
{
    return Error{Fault::BadInput, std::move(detail)};
}

Result<std::string> textOf(const nlohmann::json& request, const char* key)
{
    const auto found = request.find(key);
    if (found == request.end() || !found->is_string()) return usage(fmt::format("'{}' must be a text.", key));
    return found->get<std::string>();
}

/// Absent is fine, another type is not.
Result<std::optional<int>> numberOf(const nlohmann::json& request, const char* key)
{
    const auto found = request.find(key);
    if (found == request.end() || found->is_null()) return std::optional<int>{};
    if (!found->is_number_integer() || found->get<int64_t>() < 0 || found->get<int64_t>() > 1'000'000) {
        return usage(fmt::format("'{}' must be a whole number.", key));
    }
    return std::optional<int>(found->get<int>());
}

Result<Track> trackOf(const nlohmann::json& request)
{
    const auto text = textOf(request, "track");
    return text ? parseTrack(text.value()) : Result<Track>(text.error());
}

nlohmann::json refusal(const Error& error)
{
    const char* kind = "failed";
    if (error.fault == Fault::BadInput) kind = "usage";
    if (error.fault == Fault::Refused) kind = "refused";
    return {{"ok", false}, {"error", error.detail}, {"kind", kind}};
}

Result<nlohmann::json> accepted(const Outcome& outcome)
{
    if (!outcome) return outcome.error();
    return nlohmann::json::object();
}

} // namespace

nlohmann::json Commands::answer(const nlohmann::json& request)
{
    auto result = dispatch(request);
    if (!result) return refusal(result.error());
    nlohmann::json body = std::move(result).value();
    body["ok"] = true;
    return body;
}

Result<nlohmann::json> Commands::dispatch(const nlohmann::json& request)
{
    const auto verb = textOf(request, "do");
    if (!verb) return verb.error();
    const std::string& what = verb.value();
    if (what == "status") return status();
    if (what == "stats") return stats();
    if (what == "deploy") return accepted(deploy(request));
    if (what == "fault") return withFaults(setFault(request));
    if (what == "clear") return withFaults(clear(request));
    if (what == "end") {
        m_endAsked = true;
        return nlohmann::json::object();
    }
    if (what == "stop" || what == "cont" || what == "kill" || what == "reload") {
        const auto part = textOf(request, "part");
        if (!part) return part.error();
        const auto done = m_parts.act(what, part.value());
        if (done) m_say(fmt::format("{} {}", what, part.value()));
        return accepted(done);
    }
    return usage(fmt::format("'{}' is unknown; known are status, stats, deploy, fault, clear, stop, cont, kill, reload "
                             "and end.",
                             what));
}

Outcome Commands::deploy(const nlohmann::json& request)
{
    const auto track = trackOf(request);
    if (!track) return track.error();
    const auto version = textOf(request, "version");
    if (!version) return version.error();
    const auto instances = numberOf(request, "instances");
    if (!instances) return instances.error();
    const auto done = m_parts.replicas().deploy(track.value(), version.value(), instances.value());
    if (done) {
        m_say(fmt::format("deploy {} {} instances {}", trackName(track.value()), version.value(),
                          instances.value() ? std::to_string(*instances.value()) : "unchanged"));
    }
    return done;
}

Outcome Commands::setFault(const nlohmann::json& request)
{
    const auto track = trackOf(request);
    if (!track) return track.error();
    const auto text = textOf(request, "fault");
    if (!text) return text.error();
    const auto number = numberOf(request, "replica");
    if (!number) return number.error();
    const auto order = parseFault(text.value());
    if (!order) return order.error();
    if (!order.value().atWeight) {
        m_say(fmt::format("fault {} on {}", faultText(order.value().fault), trackName(track.value())));
        return m_parts.replicas().setFault(track.value(), number.value(), order.value().fault);
    }
    if (m_pending.size() >= kMaxPendingFaults) {
        return Error{Fault::Refused, fmt::format("{} faults wait already.", m_pending.size())};
    }
    m_pending.push_back({track.value(), number.value(), order.value()});
    return Done{};
}

Outcome Commands::clear(const nlohmann::json& request)
{
    std::optional<Track> track;
    if (request.contains("track")) {
        const auto parsed = trackOf(request);
        if (!parsed) return parsed.error();
        track = parsed.value();
    }
    std::erase_if(m_pending, [&](const PendingFault& fault) { return !track || fault.track == *track; });
    m_parts.replicas().clearFaults(track);
    m_say("faults cleared");
    return Done{};
}

void Commands::tick(Clock::time_point now)
{
    if (m_pending.empty() || now < m_nextLook) return;
    m_nextLook = now + kLookEvery;
    const int split = m_parts.split();
    std::erase_if(m_pending, [&](const PendingFault& pending) {
        if (split == 0 || split < *pending.order.atWeight) return false;
        m_say(fmt::format("fault {} on {}: the canary is at {}%", faultText(pending.order.fault),
                          trackName(pending.track), split / 100.0));
        (void)m_parts.replicas().setFault(pending.track, pending.number, pending.order.fault);
        return true;
    });
}

Result<nlohmann::json> Commands::withFaults(const Outcome& outcome) const
{
    if (!outcome) return outcome.error();
    std::string now = m_parts.replicas().faultsText();
    for (const PendingFault& pending : m_pending) {
        const std::string where = pending.number
                                      ? (pending.track == Track::Stable ? "s" : "c") + std::to_string(*pending.number)
                                      : "every " + std::string(trackName(pending.track)) + " replica";
        now += fmt::format("; {} on {} once the canary's share reaches {}%", faultText(pending.order.fault), where,
                           *pending.order.atWeight / 100.0);
    }
    return nlohmann::json{{"now", now}};
}

nlohmann::json Commands::status() const
{
    nlohmann::json waiting = nlohmann::json::array();
    for (const PendingFault& pending : m_pending) {
        waiting.push_back({{"fault", faultText(pending.order.fault)},
                           {"track", trackName(pending.track)},
                           {"at_weight", *pending.order.atWeight}});
    }
    return {{"ready", m_ready},
            {"tracks", m_parts.replicas().status()},
            {"programs", m_parts.status()},
            {"proxy_ports", m_parts.proxyPorts()},
            {"prometheus_port", m_parts.prometheusPort()},
            {"split", m_parts.split()},
            {"waiting_faults", waiting}};
}

nlohmann::json Commands::stats() const
{
    nlohmann::json load = nlohmann::json::object();
    if (m_load != nullptr) {
        const LoadGenerator::Counts& counts = m_load->counts();
        load = {{"sent", counts.sent.load()},
                {"answered", counts.answered.load()},
                {"unserved", counts.unserved.load()},
                {"failed", counts.failed.load()},
                {"missed", counts.missed.load()}};
    }
    const auto ran = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - m_begin);
    return {{"ran_ms", ran.count()}, {"tracks", m_parts.replicas().counts()}, {"load", load}};
}

} // namespace sluice::app::lab
