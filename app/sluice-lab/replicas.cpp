// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluice-lab/replicas.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace sluice::app::lab {

namespace {

constexpr auto kRestartPause = std::chrono::milliseconds(500);
constexpr auto kDrainPatience = std::chrono::seconds(6); // the service itself drains for 1.3 s, then ends its requests
// The proxies check every 500 ms: only after that do they send requests to a replica that came back.
constexpr auto kSettle = std::chrono::milliseconds(700);
constexpr size_t kMaxVersion = 40;
constexpr std::string_view kVersionCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-+";

} // namespace

Replicas::Replicas(Children& children, std::string program, Layout layout, Say say)
    : m_children(children)
    , m_program(std::move(program))
    , m_layout(std::move(layout))
    , m_say(std::move(say))
    , m_wanted{{Track::Stable, {kStableVersion, 0}}, {Track::Canary, {kCanaryVersion, 0}}}
{
}

Outcome Replicas::reserve(int slotsPerTrack)
{
    for (const Track track : kTracks) {
        for (int number = 1; number <= slotsPerTrack; ++number) {
            auto port = LoopbackPort::reserve();
            if (!port) return port.error();
            Slot slot{.track = track, .number = number};
            slot.port.emplace(std::move(port).value());
            m_slots.push_back(std::move(slot));
        }
    }
    return Done{};
}

Outcome Replicas::deploy(Track track, const std::string& version, std::optional<int> instances)
{
    const auto slots = std::ranges::count(m_slots, track, &Slot::track);
    if (version.empty() || version.size() > kMaxVersion ||
        version.find_first_not_of(kVersionCharacters) != std::string::npos) {
        return Error{Fault::BadInput, fmt::format("'{}' is not a version.", version)};
    }
    if (instances && (*instances < 0 || *instances > slots)) {
        return Error{Fault::Refused, fmt::format("{} instances: the lab has {} slots a track.", *instances, slots)};
    }
    Wanted& wanted = m_wanted.at(track);
    wanted.version = version;
    if (instances) wanted.instances = *instances;
    return Done{};
}

void Replicas::tick(Clock::time_point now)
{
    for (Slot& slot : m_slots) {
        if (slot.pid > 0 && slot.draining && now >= slot.killAt) m_children.signal(slot.pid, SIGKILL);
        if (slot.pid > 0 && !slot.owned) watchStart(slot, now);
        if (slot.pid > 0 && !slot.draining && !wantedSlot(slot)) drain(slot, now);
        if (slot.pid > 0 && mayReplace(slot, now)) drain(slot, now);
        if (slot.pid == 0 && wantedSlot(slot) && now >= slot.startAt) start(slot, now);
    }
}

bool Replicas::mayReplace(const Slot& slot, Clock::time_point now) const
{
    if (!slot.ready() || !wantedSlot(slot) || slot.version == m_wanted.at(slot.track).version) return false;
    return std::ranges::all_of(m_slots, [&](const Slot& other) {
        const bool concerned = other.track == slot.track && wantedSlot(other) && &other != &slot;
        return !concerned || (other.ready() && now >= other.readySince + kSettle);
    });
}

void Replicas::start(Slot& slot, Clock::time_point now)
{
    auto page = SharedPage::create();
    if (!page) {
        m_say(page.error().detail);
        slot.startAt = now + kRestartPause;
        return;
    }
    slot.page.emplace(std::move(page).value());
    (*slot.page)->setFault(slot.fault);
    slot.version = m_wanted.at(slot.track).version;
    const auto pid = m_children.start({
        .argv = {m_program, "service", "--slot", slot.name(), "--track", trackName(slot.track), "--version",
                 slot.version, "--port", std::to_string(slot.port->number()), "--page-fd",
                 std::to_string(slot.page->fd())},
        .log = m_layout.logs() / (slot.name() + ".log"),
        .keepFds = {slot.page->fd()},
    });
    if (!pid) m_say(pid.error().detail);
    slot.pid = pid ? pid.value() : 0;
    slot.owned = false;
    slot.draining = false;
    slot.startAt = now + kRestartPause;
}

void Replicas::watchStart(Slot& slot, Clock::time_point now)
{
    if ((*slot.page)->ready == 0) return;
    switch (portOwner(slot.port->number(), slot.pid)) {
    case PortOwner::Nobody: return;
    case PortOwner::Ours:
        slot.owned = true;
        slot.readySince = now;
        m_say(fmt::format("{} {} {} on 127.0.0.1:{} (pid {})", trackName(slot.track), slot.name(), slot.version,
                          slot.port->number(), slot.pid));
        return;
    case PortOwner::Foreign:
        m_say(fmt::format("{}: somebody else listens on port {}, too; trying again", slot.name(), slot.port->number()));
        m_children.signal(slot.pid, SIGKILL);
        return;
    }
}

void Replicas::drain(Slot& slot, Clock::time_point now)
{
    slot.draining = true;
    slot.killAt = now + kDrainPatience;
    m_children.signal(slot.pid, SIGTERM);
}

bool Replicas::onExit(const ChildExit& ended, Clock::time_point now)
{
    const auto slot = std::ranges::find(m_slots, ended.pid, &Slot::pid);
    if (slot == m_slots.end()) return false;
    const bool asked = slot->draining;
    m_say(fmt::format("{} {} {} {} ({})", trackName(slot->track), slot->name(), slot->version,
                      asked ? "stopped" : "died, starting again", ended.how));
    m_ended.add(slot->track, slot->version, **slot->page);
    slot->page.reset();
    slot->pid = 0;
    slot->owned = false;
    slot->draining = false;
    if (!asked) slot->startAt = std::max(slot->startAt, now + kRestartPause);
    return true;
}

Outcome Replicas::setFault(Track track, std::optional<int> number, const InjectedFault& fault)
{
    bool found = false;
    for (Slot& slot : m_slots) {
        if (slot.track != track || (number && slot.number != *number)) continue;
        found = true;
        slot.fault = fault;
        if (slot.page) (*slot.page)->setFault(fault);
    }
    if (!found) return Error{Fault::BadInput, fmt::format("{} has no replica {}.", trackName(track), *number)};
    return Done{};
}

void Replicas::clearFaults(std::optional<Track> track)
{
    for (const Track each : kTracks) {
        if (!track || *track == each) (void)setFault(each, {}, {});
    }
}

std::string Replicas::faultsText() const
{
    std::map<std::string, std::string> slots; // by fault
    for (const Slot& slot : m_slots) {
        if (slot.fault == InjectedFault{}) continue;
        std::string& names = slots[faultText(slot.fault)];
        names += (names.empty() ? "" : ", ") + slot.name() + (slot.ready() ? "" : " (does not run)");
    }
    std::string text;
    for (const auto& [fault, names] : slots)
        text += fmt::format("{}{} on {}", text.empty() ? "" : "; ", fault, names);
    return text.empty() ? "no fault on any replica" : text;
}

bool Replicas::settled() const
{
    return std::ranges::all_of(m_slots, [&](const Slot& slot) {
        return wantedSlot(slot) ? slot.ready() && slot.version == m_wanted.at(slot.track).version : slot.pid == 0;
    });
}

std::vector<int> Replicas::ports(Track track) const
{
    std::vector<int> ports;
    for (const Slot& slot : m_slots) {
        if (slot.track == track) ports.push_back(slot.port->number());
    }
    return ports;
}

std::vector<std::string> Replicas::readySlots() const
{
    std::vector<std::string> names;
    for (const Slot& slot : m_slots) {
        if (slot.ready()) names.push_back(slot.name());
    }
    return names;
}

std::optional<pid_t> Replicas::processOf(const std::string& slot) const
{
    const auto found = std::ranges::find(m_slots, slot, &Slot::name);
    return found == m_slots.end() ? std::optional<pid_t>{} : found->pid;
}

nlohmann::json Replicas::status() const
{
    nlohmann::json tracks = nlohmann::json::object();
    for (const auto& [track, wanted] : m_wanted) {
        nlohmann::json entry{{"version", wanted.version}, {"wanted", wanted.instances}};
        int ready = 0;
        int running = 0;
        nlohmann::json replicas = nlohmann::json::array();
        for (const Slot& slot : m_slots) {
            if (slot.track != track || slot.pid == 0) continue;
            ++running;
            if (slot.ready() && wantedSlot(slot) && slot.version == wanted.version) ++ready;
            replicas.push_back({{"name", slot.name()},
                                {"version", slot.version},
                                {"port", slot.port->number()},
                                {"pid", slot.pid},
                                {"ready", slot.ready()},
                                {"fault", faultText(slot.fault)}});
        }
        entry["ready"] = ready;
        entry["running"] = running;
        entry["replicas"] = replicas;
        tracks[trackName(track)] = entry;
    }
    return tracks;
}

nlohmann::json Replicas::counts() const
{
    Ledger all = m_ended;
    for (const Slot& slot : m_slots) {
        if (slot.page) all.add(slot.track, slot.version, **slot.page);
    }
    return all.json();
}

} // namespace sluice::app::lab
