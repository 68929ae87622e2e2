// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include "core/journal/audit_chain.h"
#include "core/journal/read_budget.h"
#include "core/journal/sqlite_journal.h"

// Emergency stops that no rollout can tell of.

namespace sluice::journal {

using ports::ClearedStop;

Result<Done> SqliteJournal::recordCleared(const ClearedStop& stop, int64_t epoch)
{
    auto body = clearedBody(stop);
    if (!body) return body.error();
    return inTransaction([&]() -> Result<Done> {
        const auto fenced = isFenced(stop.fired.target, epoch);
        if (!fenced) return fenced.error();
        if (fenced.value())
            return Error{Fault::Refused, fmt::format("Another engine drives {} now.", stop.fired.target.value)};
        return insertOwn(kClearedRecord, std::move(body).value(), epoch);
    });
}

Result<std::vector<ClearedStop>> SqliteJournal::clearedStops(int limit)
{
    // Records without a rollout have their place in the chain as version, so the index holds them in order.
    auto statement =
        m_database->prepare("SELECT body FROM event WHERE rollout = '' AND type = ? ORDER BY ver DESC LIMIT ?");
    if (!statement) return statement.error();
    ReadBudget budget(m_clock, limit);
    statement.value().bind(kClearedRecord).bind(budget.rows());
    std::vector<ClearedStop> stops;
    while (true) {
        const auto row = statement.value().step();
        if (!row) return row.error();
        if (!row.value()) return stops;
        const std::string body = statement.value().text(0);
        auto stop = clearedFrom(body);
        if (!stop) return stop.error();
        stops.push_back(std::move(stop).value());
        if (!budget.spend(body.size())) return stops;
    }
}

} // namespace sluice::journal
