// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "core/base/result.h"

namespace sluice::app::ctl {

// Exit codes of every command.
constexpr int kYes = 0;     // done, or the answer is yes
constexpr int kNo = 1;      // rolled back, check failed, chain damaged
constexpr int kUsage = 2;   // bad input
constexpr int kRefused = 3; // policy says no
constexpr int kOut = 4;     // something needed is out of reach

/// Why a command did nothing, or not all of it.
struct Failure {
    Failure(Error given) // NOLINT: an error alone is the usual one
        : error(std::move(given))
    {
    }
    Failure(Error given, std::string at, std::vector<std::string> right = {})
        : error(std::move(given))
        , where(std::move(at))
        , legal(std::move(right))
    {
    }
    Error error;
    std::string where{};              ///< the option or argument at fault; empty when it is none
    std::vector<std::string> legal{}; ///< what could stand there
};

int exitCode(Fault fault);
/// {"outcome": "refused", "error": {"message": …, "where": …, "legal": […]}, "exitCode": 3}
nlohmann::json failureJson(const Failure& failure);
/// Prints "sluicectl: …" on stderr, with `json` also its object on stdout, and returns the exit code.
int fail(bool json, const Failure& failure);
/// The same with what `more` has besides in the object.
int fail(bool json, const Failure& failure, const nlohmann::json& more);

/// Prints one JSON document as a line, at once: whoever reads a stream of them waits for it.
void printJson(const nlohmann::json& document);
/// One answer: a sentence, or {"answer": …} with what `more` has besides.
void printAnswer(bool json, const std::string& answer);
void printAnswer(bool json, const std::string& answer, const nlohmann::json& more);

} // namespace sluice::app::ctl
