// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>

#include <libpq-fe.h>
#include <poll.h>

#include <fmt/format.h>

#include "core/adapters/smoke_checks.h"

namespace sluice::adapters {

namespace {

using End = SmokeResult::End;

constexpr int kTurnMs = 50; ///< between two looks whether it was stopped
constexpr size_t kShownWords = 200;

struct PostgresFree {
    void operator()(PGconn* connection) const { PQfinish(connection); }
    void operator()(PGresult* result) const { PQclear(result); }
};
using Connection = std::unique_ptr<PGconn, PostgresFree>;
using Answer = std::unique_ptr<PGresult, PostgresFree>;

/// libpq's words in one line.
std::string words(const char* text, const SmokeMoment& moment)
{
    const std::string all(text == nullptr ? "" : text);
    return moment.quoted(all.substr(0, all.find('\n')), kShownWords);
}

bool waitFor(PGconn& connection, short events)
{
    pollfd ready{.fd = PQsocket(&connection), .events = events, .revents = 0};
    return ::poll(&ready, 1, kTurnMs) == 1;
}

/// How far a connection came that is not there in time.
const char* waitedFor(const PGconn& connection)
{
    switch (PQstatus(&connection)) {
    case CONNECTION_STARTED: return "nobody took the connection";
    case CONNECTION_MADE:
    case CONNECTION_SSL_STARTUP: return "connected, the server said nothing";
    default: return "connected, the login was not answered";
    }
}

SmokeFinding connectTo(PGconn& connection, const SmokeMoment& moment)
{
    PostgresPollingStatusType next = PGRES_POLLING_WRITING;
    while (next != PGRES_POLLING_OK) {
        if (next == PGRES_POLLING_FAILED) return {End::NotReached, words(PQerrorMessage(&connection), moment)};
        if (moment.over()) return {End::TimedOut, waitedFor(connection)};
        if (waitFor(connection, next == PGRES_POLLING_READING ? POLLIN : POLLOUT)) next = PQconnectPoll(&connection);
    }
    return {};
}

SmokeFinding judge(const PostgresCheck& check, const PGresult& answer, const SmokeMoment& moment)
{
    const ExecStatusType status = PQresultStatus(&answer);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
        return {End::Failed, words(PQresultErrorMessage(&answer), moment)};
    if (!check.is) return {};
    if (PQntuples(&answer) == 0 || PQnfields(&answer) == 0) return {End::Failed, "the query has no value"};
    const std::string seen = PQgetvalue(&answer, 0, 0);
    const std::string wanted = moment.filled(*check.is);
    if (seen == wanted) return {};
    return {End::Failed,
            fmt::format("the query says '{}' instead of '{}'", moment.quoted(seen), moment.quoted(wanted))};
}

SmokeFinding ask(PGconn& connection, const PostgresCheck& check, const SmokeMoment& moment)
{
    if (PQsendQuery(&connection, moment.filled(check.query).c_str()) == 0)
        return {End::NotReached, words(PQerrorMessage(&connection), moment)};
    while (PQisBusy(&connection) != 0) {
        if (moment.over()) return {End::TimedOut, "connected, the query was not answered"};
        if (waitFor(connection, POLLIN) && PQconsumeInput(&connection) == 0)
            return {End::NotReached, words(PQerrorMessage(&connection), moment)};
    }
    const Answer answer(PQgetResult(&connection));
    if (!answer) return {End::Failed, "the query has no answer"};
    return judge(check, *answer, moment);
}

Connection start(const PostgresCheck& check, const SmokeMoment& moment)
{
    // The server ends the query too, a second later: nothing of ours runs on after us.
    const std::string options = fmt::format("-c statement_timeout={}", moment.left().count() / 1000 + 1000);
    const std::string server = moment.filled(check.server);
    const std::string password = moment.filled(check.password);
    const char* const names[] = {"application_name", "options", "password", "dbname", nullptr};
    const char* const values[] = {"sluice smoke test", options.c_str(), password.empty() ? nullptr : password.c_str(),
                                  server.c_str(), nullptr};
    return Connection(PQconnectStartParams(names, values, 1)); // what `server` says besides is expanded from dbname
}

} // namespace

SmokeFinding checkPostgres(const PostgresCheck& check, const SmokeMoment& moment)
{
    const Connection connection = start(check, moment);
    if (!connection) return {End::NotReached, "no memory for a connection"};
    PQsetNoticeProcessor(
        connection.get(), [](void*, const char*) {}, nullptr); // else the library prints them
    SmokeFinding found{End::NotReached, words(PQerrorMessage(connection.get()), moment)};
    if (PQstatus(connection.get()) != CONNECTION_BAD) found = connectTo(*connection, moment);
    if (found.end == End::Passed) found = ask(*connection, check, moment);
    if (!found.problem.empty()) found.problem = "postgres: " + found.problem;
    return found;
}

} // namespace sluice::adapters
