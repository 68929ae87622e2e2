// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluicectl/answer.h"

#include <cstdio>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace sluice::app::ctl {

namespace {

const char* outcomeOf(Fault fault)
{
    switch (fault) {
    case Fault::BadInput: return "bad-input";
    case Fault::Refused: return "refused";
    case Fault::Unreachable: return "out-of-reach";
    case Fault::Unknown: return "unknown";
    case Fault::Internal: return "failed";
    }
    return "failed";
}

} // namespace

int exitCode(Fault fault)
{
    switch (fault) {
    case Fault::BadInput: return kUsage;
    case Fault::Refused: return kRefused;
    case Fault::Unreachable:
    case Fault::Unknown:
    case Fault::Internal: return kOut;
    }
    return kOut;
}

nlohmann::json failureJson(const Failure& failure)
{
    nlohmann::json error = {{"message", failure.error.detail}};
    if (!failure.where.empty()) error["where"] = failure.where;
    if (!failure.legal.empty()) error["legal"] = failure.legal;
    return {{"outcome", outcomeOf(failure.error.fault)},
            {"error", std::move(error)},
            {"exitCode", exitCode(failure.error.fault)}};
}

int fail(bool json, const Failure& failure)
{
    return fail(json, failure, nlohmann::json::object());
}

int fail(bool json, const Failure& failure, const nlohmann::json& more)
{
    fmt::print(stderr, "sluicectl: {}\n", failure.error.detail);
    if (json) {
        nlohmann::json document = more;
        document.update(failureJson(failure));
        printJson(document);
    }
    return exitCode(failure.error.fault);
}

void printJson(const nlohmann::json& document)
{
    // What a program of somebody else wrote (an error text) may be no UTF-8.
    fmt::print("{}\n", document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    std::fflush(stdout);
}

void printAnswer(bool json, const std::string& answer)
{
    printAnswer(json, answer, nlohmann::json::object());
}

void printAnswer(bool json, const std::string& answer, const nlohmann::json& more)
{
    if (!json) {
        fmt::print("{}\n", answer);
        return;
    }
    nlohmann::json document = more;
    document["answer"] = answer;
    printJson(document);
}

} // namespace sluice::app::ctl
