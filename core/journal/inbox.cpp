// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include "core/journal/inbox_answer.h"
#include "core/journal/read_budget.h"
#include "core/journal/sqlite_journal.h"

// Requests of those who do not drive, and their answers.

namespace sluice::journal {

using ports::Append;
using ports::InboxRow;

namespace {

InboxRow rowOf(const Statement& row)
{
    return {.id = row.text(0),
            .person = PersonId(row.text(1)),
            .proof = row.text(2),
            .command = row.text(3),
            .askedAt = wallTime(row.integer(4)),
            .answer = row.text(5)};
}

bool sameRequest(const InboxRow& a, const InboxRow& b)
{
    return a.person == b.person && a.proof == b.proof && a.command == b.command && a.askedAt == b.askedAt;
}

} // namespace

Result<Done> SqliteJournal::ask(const InboxRow& row)
{
    if (row.id.empty() || row.command.size() > kInboxBytes) {
        return Error{Fault::BadInput,
                     fmt::format("A request needs an id and a command of at most {} bytes.", kInboxBytes)};
    }
    return inTransaction([&]() -> Result<Done> {
        const auto known = inboxRow(row.id);
        if (!known) return known.error();
        if (known.value() && sameRequest(*known.value(), row)) return Done{};
        if (known.value()) return Error{Fault::BadInput, fmt::format("Request {} is another one.", row.id)};
        const auto open = m_database->number("SELECT count(*) FROM inbox WHERE answer = ''");
        if (!open) return open.error();
        if (open.value() >= kInboxOpen) {
            return Error{Fault::Refused,
                         fmt::format("{} requests wait for an answer already; does anybody drive?", open.value())};
        }
        auto statement = m_database->prepare(
            "INSERT INTO inbox(id, person, proof, command, asked_at, answer) VALUES (?, ?, ?, ?, ?, '')");
        if (!statement) return statement.error();
        return statement.value()
            .bind(row.id)
            .bind(row.person.value)
            .bind(row.proof)
            .bind(row.command)
            .bind(micros(row.askedAt))
            .run();
    });
}

Result<std::vector<InboxRow>> SqliteJournal::unanswered(int limit)
{
    auto statement = m_database->prepare("SELECT id, person, proof, command, asked_at, answer FROM inbox "
                                         "WHERE answer = '' ORDER BY seq LIMIT ?");
    if (!statement) return statement.error();
    ReadBudget budget(m_clock, limit);
    statement.value().bind(budget.rows());
    std::vector<InboxRow> rows;
    while (true) {
        const auto row = statement.value().step();
        if (!row) return row.error();
        if (!row.value()) return rows;
        rows.push_back(rowOf(statement.value()));
        if (!budget.spend(rows.back().command.size())) return rows;
    }
}

Result<Done> SqliteJournal::answer(const std::string& id, const std::string& answer)
{
    if (answer.empty() || answer.size() > kInboxBytes) {
        return Error{Fault::BadInput, fmt::format("An answer has 1 to {} bytes.", kInboxBytes)};
    }
    return inTransaction([&]() -> Result<Done> {
        const auto known = inboxRow(id);
        if (!known) return known.error();
        if (!known.value()) return Error{Fault::BadInput, fmt::format("There is no request {}.", id)};
        const std::string& stands = known.value()->answer;
        if (stands == answer) return Done{};
        // The append has written the bare word; what came of it may be added.
        const bool adds = stands == kAccepted && answer.starts_with(kAccepted);
        if (!stands.empty() && !adds) {
            return Error{Fault::Refused, fmt::format("Request {} has been answered already: {}.", id, stands)};
        }
        auto statement = m_database->prepare("UPDATE inbox SET answer = ? WHERE id = ?");
        if (!statement) return statement.error();
        return statement.value().bind(answer).bind(id).run();
    });
}

Result<std::optional<InboxRow>> SqliteJournal::inboxRow(const std::string& id)
{
    auto statement = m_database->prepare("SELECT id, person, proof, command, asked_at, answer FROM inbox WHERE id = ?");
    if (!statement) return statement.error();
    const auto row = statement.value().bind(id).step();
    if (!row) return row.error();
    return row.value() ? std::optional(rowOf(statement.value())) : std::nullopt;
}

Result<Done> SqliteJournal::acceptRequest(const Append& append, const std::string& id)
{
    const auto known = inboxRow(id);
    if (!known) return known.error();
    if (!known.value()) return Done{}; // answered through another door
    const std::string& stands = known.value()->answer;
    const bool withdrawn = !stands.empty() && !stands.starts_with(kAccepted);
    if (withdrawn && !append.safeDirection) {
        return Error{Fault::Refused, fmt::format("Request {} has been answered already: {}.", id, stands)};
    }
    if (!stands.empty()) return Done{};
    auto statement = m_database->prepare("UPDATE inbox SET answer = ? WHERE id = ?");
    if (!statement) return statement.error();
    return statement.value().bind(kAccepted).bind(id).run();
}

} // namespace sluice::journal
