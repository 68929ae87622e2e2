// SPDX-License-Identifier: GPL-3.0-or-later
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/adapters/smoke_checks.h"

namespace sluice::adapters {

namespace {

using End = SmokeResult::End;
using Json = nlohmann::json;

constexpr size_t kMaxAnswer = size_t{4} << 20;
constexpr int kLeastGood = 200;
constexpr int kMostGood = 299;

/// An answer that is waited for. Lives as long as whoever is last: the waiter may have given up.
struct Pending {
    std::mutex mutex{};
    std::condition_variable_any came{};
    std::optional<HttpReply> reply{}; // guarded by mutex
};

/// None when it was stopped.
std::optional<HttpReply> ask(HttpClient& http, HttpRequest request, const std::stop_token& stop)
{
    auto pending = std::make_shared<Pending>();
    const bool sent = http.send(std::move(request), [pending](HttpReply reply) {
        const std::scoped_lock lock(pending->mutex);
        pending->reply = std::move(reply);
        pending->came.notify_all();
    });
    if (!sent) return HttpReply{.problem = "too many requests are under way"};
    std::unique_lock lock(pending->mutex);
    pending->came.wait(lock, stop, [&] { return pending->reply.has_value(); });
    return std::move(pending->reply);
}

/// The value as a playbook writes it.
std::string textOf(const Json& value)
{
    return value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// The value a pointer names, or null where there is none.
const Json* at(const Json& body, const std::string& pointer)
{
    try {
        const Json::json_pointer place(pointer);
        return body.contains(place) ? &body.at(place) : nullptr;
    } catch (const Json::exception&) {
        return nullptr; // the library has no other way to say that no list is so long
    }
}

std::string statusProblem(const HttpStep& step, long status)
{
    if (step.status) return status == *step.status ? "" : fmt::format("status {} instead of {}", status, *step.status);
    if (status >= kLeastGood && status <= kMostGood) return {};
    return fmt::format("status {} instead of 200 to 299", status);
}

std::string fieldProblem(const Json& body, const JsonField& field, const SmokeMoment& moment)
{
    const Json* value = at(body, field.pointer);
    if (value == nullptr) return fmt::format("{} is not in the answer", field.pointer);
    const std::string wanted = moment.filled(field.value);
    const std::string seen = textOf(*value);
    if (seen == wanted) return {};
    return fmt::format("{} is '{}' instead of '{}'", field.pointer, moment.quoted(seen), moment.quoted(wanted));
}

/// What the answer's body is to be; keeps what later steps use.
std::string bodyProblem(const HttpStep& step, const HttpReply& reply, SmokeMoment& moment)
{
    const std::string part = moment.filled(step.contains);
    if (reply.body.find(part) == std::string::npos)
        return fmt::format("'{}' is not in the answer", moment.quoted(part));
    if (step.json.empty() && step.keep.empty()) return {};
    const Json body = Json::parse(reply.body, nullptr, false);
    if (body.is_discarded()) return "the answer is no JSON";
    for (const JsonField& field : step.json)
        if (std::string problem = fieldProblem(body, field, moment); !problem.empty()) return problem;
    for (const auto& [name, pointer] : step.keep) {
        const Json* value = at(body, pointer);
        if (value == nullptr) return fmt::format("{} is not in the answer", pointer);
        moment.values[name] = textOf(*value);
    }
    return {};
}

HttpRequest request(const HttpStep& step, const SmokeMoment& moment)
{
    HttpRequest out{.method = step.method, .body = moment.filled(step.body), .maxBytes = kMaxAnswer};
    const std::string url = moment.filled(step.url);
    std::string base = moment.filled("{base}");
    while (base.ends_with('/'))
        base.pop_back();
    out.url = url.starts_with('/') ? base + url : url;
    for (const auto& [name, value] : step.headers)
        out.headers.push_back(name + ": " + moment.filled(value));
    out.connectLimit = out.limit = moment.left();
    return out;
}

SmokeFinding runStep(const HttpStep& step, const SmokeTest& test, SmokeMoment& moment, HttpClient& http)
{
    // As it stands in the playbook: the address may hold a secret.
    const std::string what = fmt::format("{} {}", step.method, step.url);
    const auto reply = ask(http, request(step, moment), moment.stop);
    if (!reply) return {End::NotRun, {}};
    switch (reply->outcome) {
    case HttpReply::Outcome::TimedOut: return {End::TimedOut, fmt::format("{}: {}", what, reply->problem)};
    case HttpReply::Outcome::Failed: return {End::NotReached, fmt::format("{}: {}", what, reply->problem)};
    case HttpReply::Outcome::TooLarge: return {End::Failed, fmt::format("{}: {}", what, reply->problem)};
    case HttpReply::Outcome::Answered: break;
    }
    if (const std::string problem = statusProblem(step, reply->status); !problem.empty())
        return {End::Failed, test.failsWith.empty() ? fmt::format("{}: {}", what, problem) : test.failsWith};
    if (const std::string problem = bodyProblem(step, *reply, moment); !problem.empty())
        return {End::Failed, fmt::format("{}: {}", what, problem)};
    return {};
}

} // namespace

SmokeFinding checkHttp(const HttpCheck& check, const SmokeTest& test, SmokeMoment& moment, HttpClient& http)
{
    for (const HttpStep& step : check.steps) {
        if (moment.over()) return {End::TimedOut, fmt::format("{} {}: not begun", step.method, step.url)};
        if (SmokeFinding found = runStep(step, test, moment, http); found.end != End::Passed) return found;
    }
    return {};
}

} // namespace sluice::adapters
