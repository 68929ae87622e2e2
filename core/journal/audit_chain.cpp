// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/journal/audit_chain.h"

#include <nlohmann/json.hpp>

#include <fmt/format.h>

#include "core/base/sha256.h"

namespace sluice::journal {

namespace {

using nlohmann::json;

constexpr std::string_view kDomain = "sluice-event-1";

/// json keeps its keys sorted and the values here are integers and texts: its compact form is canonical.
Result<std::string> canonical(const json& value)
{
    try {
        return value.dump();
    } catch (const json::exception&) {
        return Error{Fault::BadInput, "A text that was to be stored in the journal is not valid UTF-8."};
    }
}

std::string textOf(const json& body, const char* key)
{
    const auto found = body.find(key);
    return found != body.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

int64_t numberOf(const json& body, const char* key)
{
    const auto found = body.find(key);
    return found != body.end() && found->is_number_integer() ? found->get<int64_t>() : 0;
}

} // namespace

std::string chainStart()
{
    return std::string(64, '0');
}

Result<std::string> canonicalEnvelope(const ports::StoredEvent& record)
{
    return canonical(json{{"actor", record.event.actor},
                          {"at", micros(record.event.at)},
                          {"body", record.event.body},
                          {"epoch", record.epoch},
                          {"gseq", record.gseq},
                          {"inbox", record.event.inboxId},
                          {"rollout", record.rollout.value},
                          {"schema", record.event.schema},
                          {"type", record.event.type},
                          {"ver", record.version}});
}

Result<std::string> chainHash(const ports::StoredEvent& record)
{
    const auto envelope = canonicalEnvelope(record);
    if (!envelope) return envelope.error();
    return sha256Hex(fmt::format("{}{}{}", kDomain, record.previousHash, envelope.value()));
}

Result<std::string> summaryBody(const ports::RolloutRow& row)
{
    return canonical(json{{"ended", row.endedAt ? json(micros(*row.endedAt)) : json(nullptr)},
                          {"from", row.fromVersion},
                          {"outcome", row.outcome},
                          {"playbook", row.playbook},
                          {"rollout", row.id.value},
                          {"started", micros(row.startedAt)},
                          {"startedBy", row.startedBy.value},
                          {"target", row.target.value},
                          {"to", row.toVersion}});
}

Result<std::string> leaseBody(const ports::LeaseRow& lease, bool forced, const std::string& reason)
{
    return canonical(json{{"epoch", lease.epoch},
                          {"forced", forced},
                          {"holder", lease.holder},
                          {"person", lease.person.value},
                          {"reason", reason},
                          {"target", lease.target.value}});
}

Result<std::string> clearedBody(const ports::ClearedStop& stop)
{
    return canonical(json{{"at", micros(stop.at)},
                          {"by", stop.by.value},
                          {"fired",
                           {{"at", micros(stop.fired.at)},
                            {"epoch", stop.fired.epoch},
                            {"person", stop.fired.person.value},
                            {"proof", stop.fired.proof},
                            {"reason", stop.fired.reason}}},
                          {"proof", stop.proof},
                          {"reason", stop.reason},
                          {"target", stop.fired.target.value}});
}

Result<ports::ClearedStop> clearedFrom(const std::string& body)
{
    const json value = json::parse(body, nullptr, false);
    if (!value.is_object() || !value.contains("fired") || !value["fired"].is_object())
        return Error{Fault::BadInput, "The record of a cleared stop cannot be read."};
    const json& fired = value["fired"];
    return ports::ClearedStop{.fired = {.target = TargetId(textOf(value, "target")),
                                        .person = PersonId(textOf(fired, "person")),
                                        .proof = textOf(fired, "proof"),
                                        .reason = textOf(fired, "reason"),
                                        .at = wallTime(numberOf(fired, "at")),
                                        .epoch = numberOf(fired, "epoch")},
                              .by = PersonId(textOf(value, "by")),
                              .proof = textOf(value, "proof"),
                              .reason = textOf(value, "reason"),
                              .at = wallTime(numberOf(value, "at"))};
}

bool ChainCheck::take(const ports::StoredEvent& record)
{
    if (!m_verdict.intact) return false;
    const int64_t expected = m_last + 1;
    if (record.gseq != expected) {
        damaged(expected, record.gseq == expected + 1
                              ? fmt::format("event {} is missing", expected)
                              : fmt::format("events {} to {} are missing", expected, record.gseq - 1));
        return false;
    }
    if (record.previousHash != m_verdict.head) {
        damaged(record.gseq, fmt::format("event {} does not follow event {}: one of them was changed or moved",
                                         record.gseq, record.gseq - 1));
        return false;
    }
    const auto hash = chainHash(record);
    if (!hash || hash.value() != record.hash) {
        damaged(record.gseq, fmt::format("event {} ({}, version {} of {}) was changed after it was stored", record.gseq,
                                         record.event.type, record.version, record.rollout.value));
        return false;
    }
    m_last = record.gseq;
    m_verdict.events = record.gseq;
    m_verdict.head = record.hash;
    if (record.rollout.empty()) return takeOwn(record);
    Known& known = m_rollouts[record.rollout.value];
    if (record.version != known.version + 1) {
        damaged(record.gseq, fmt::format("event {} is version {} of {}, expected {}", record.gseq, record.version,
                                         record.rollout.value, known.version + 1));
        return false;
    }
    known.version = record.version;
    known.lastGseq = record.gseq;
    return true;
}

bool ChainCheck::takeOwn(const ports::StoredEvent& record)
{
    const json body = json::parse(record.event.body, nullptr, false);
    if (!body.is_object()) {
        damaged(record.gseq, fmt::format("event {} cannot be read", record.gseq));
        return false;
    }
    if (record.event.type == kSummaryRecord) {
        Known& known = m_rollouts[textOf(body, "rollout")];
        known.summary = record.event.body;
        known.summaryGseq = record.gseq;
    }
    if (record.event.type == kLeaseRecord) {
        m_leases[textOf(body, "target")] = {numberOf(body, "epoch"), record.gseq};
    }
    return true;
}

void ChainCheck::finish(int64_t gseq, const std::string& head)
{
    if (!m_verdict.intact) return;
    if (gseq > m_last) {
        damaged(m_last + 1, gseq == m_last + 1
                                ? fmt::format("the last event, {}, is missing", gseq)
                                : fmt::format("the last events, {} to {}, are missing", m_last + 1, gseq));
    } else if (gseq != m_last || head != m_verdict.head) {
        damaged(m_last, fmt::format("the journal's own head ({}) is not its last event ({})", gseq, m_last));
    }
}

void ChainCheck::takeRow(const ports::RolloutRow& row)
{
    if (!m_verdict.intact) return;
    const auto known = m_rollouts.find(row.id.value);
    if (known == m_rollouts.end() || known->second.summary.empty()) {
        damaged(m_last, fmt::format("the row of rollout {} stands beside the chain: no event wrote it", row.id.value));
        return;
    }
    known->second.rowSeen = true;
    const auto body = summaryBody(row);
    if (!body || body.value() != known->second.summary) {
        damaged(known->second.summaryGseq, fmt::format("the row of rollout {} was changed: event {} wrote {}",
                                                       row.id.value, known->second.summaryGseq, known->second.summary));
    } else if (row.lastVersion != known->second.version) {
        damaged(known->second.lastGseq, fmt::format("the row of rollout {} says version {}, its last event is {}",
                                                    row.id.value, row.lastVersion, known->second.version));
    }
}

std::vector<RolloutId> ChainCheck::rowsNotSeen() const
{
    std::vector<RolloutId> missing;
    for (const auto& [rollout, known] : m_rollouts) {
        if (!known.rowSeen) missing.emplace_back(rollout);
    }
    return missing;
}

void ChainCheck::missingRows()
{
    for (const auto& [rollout, known] : m_rollouts) {
        if (!m_verdict.intact) return;
        if (!known.rowSeen) {
            damaged(known.summaryGseq != 0 ? known.summaryGseq : known.lastGseq,
                    fmt::format("the row of rollout {} is missing", rollout));
        }
    }
}

void ChainCheck::takeLease(const std::string& target, int64_t epoch)
{
    if (!m_verdict.intact) return;
    const auto known = m_leases.find(target);
    const int64_t expected = known == m_leases.end() ? 0 : known->second.first;
    if (epoch == expected) return;
    damaged(known == m_leases.end() ? m_last : known->second.second,
            fmt::format("the lease row of {} says epoch {}, the chain says {}", target, epoch, expected));
}

void ChainCheck::unreadable(const std::string& why)
{
    if (m_verdict.intact) damaged(m_last + 1, fmt::format("event {} cannot be read: {}", m_last + 1, why));
}

void ChainCheck::unreadableBeside(const std::string& why)
{
    if (m_verdict.intact) damaged(m_last, fmt::format("what stands beside the events cannot be trusted: {}", why));
}

void ChainCheck::damaged(int64_t gseq, std::string what)
{
    m_verdict.intact = false;
    m_verdict.firstDamaged = gseq;
    m_verdict.what = std::move(what);
}

} // namespace sluice::journal
