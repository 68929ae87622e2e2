// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

// Small files that must survive a crash. Any thread; blocks for a few file operations.

namespace sluice::journal {

/// The folder a path lies in ("." for a bare name).
std::string folderOf(const std::string& path);

/// A name without slashes, dots at the front or surprises: other bytes become %XX. Different texts stay different.
std::string safeFileName(std::string_view text);

/// Makes the last part of the path (0700) unless it is there.
Result<Done> ensureFolder(const std::string& folder);

/// The whole file is either the old or the new one, on disk, after any crash. Written beside and renamed.
Result<Done> replaceFile(const std::string& path, std::string_view content);

/// Appears with all its content under a name that was free. False = the name is taken, nothing was changed.
Result<bool> createWholeFile(const std::string& path, std::string_view content);

/// The bare name, on disk as far as the disk allows. False when it could not be made or was there.
bool createEmptyFile(const std::string& path);

/// Names in a folder with this ending, sorted, at most `most`; a missing folder is empty.
std::vector<std::string> filesIn(const std::string& folder, std::string_view ending, size_t most);

/// Gives a finished file its name, on disk; BadInput when the name is taken.
Result<Done> renameFree(const std::string& from, const std::string& to);

/// At most `limit` bytes; a longer file is an error. Nothing there = none.
Result<std::optional<std::string>> readSmallFile(const std::string& path, size_t limit);

/// Gone, on disk. False = there was none.
Result<bool> removeFile(const std::string& path);

/// Makes names that were created or removed in it durable.
Result<Done> syncFolder(const std::string& folder);

/// Name of a network filesystem by its statfs type, none for a local one.
std::optional<std::string_view> networkFilesystem(int64_t statfsType);

/// Refused when the folder lies on a network: locks and syncs cannot be trusted there.
Result<Done> refuseNetworkFolder(const std::string& folder);

/// Free for this user, in bytes; none when it cannot be told.
std::optional<int64_t> freeBytes(const std::string& folder);

} // namespace sluice::journal
