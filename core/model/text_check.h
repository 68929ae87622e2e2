// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What people may write into a file that others approve: text that reads the same for everybody.

namespace sluice {

/// Where a text breaks a rule, and which.
struct TextFault {
    size_t offset{0}; ///< in bytes
    std::string message{};
};

/// The first thing that no text may hold: bytes that are not UTF-8 (overlong forms and surrogates included), control
/// characters except tab and line feed (CR only before LF), Unicode line separators, and marks that turn the reading
/// direction around (an approver would read something else than the engine).
std::optional<TextFault> findTextFault(std::string_view text);

/// Longest name that a file may give to something.
constexpr size_t kMaxNameLength = 64;

/// What is wrong with `name` as an id, or nothing: a-z, 0-9, '_', '-', '.', beginning with a letter or digit. Only
/// ASCII, so that no two names look alike.
std::optional<std::string> nameFault(std::string_view name);

/// Longest version of a release; an image tag has at most as many characters.
constexpr size_t kMaxVersionLength = 128;

/// What is wrong with `version`, or nothing: letters, digits, '.', '_', '-', '+' as in image tags and semantic
/// versions, beginning with a letter or digit.
std::optional<std::string> versionFault(std::string_view version);

/// `text` with every character that could hide something written as U+XXXX or \xNN, at most `limit` characters; for
/// quoting what somebody wrote.
std::string quotedForPeople(std::string_view text, size_t limit = 60);

/// The candidate nearest to `word` by edit distance (a swap of neighbours counts one), if it is near enough to be
/// meant: at most a third of its length, at least one.
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates);

/// "; did you mean 'weight'?" or nothing.
std::string didYouMean(std::string_view word, const std::vector<std::string>& candidates);

} // namespace sluice
