// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/journal/ballast.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/journal/file_tools.h"

namespace sluice::journal {

namespace {
constexpr std::string_view kEnding = ".ballast";
constexpr size_t kJournalsInFolder = 100;
} // namespace

std::string ballastPath(const std::string& journal)
{
    return journal + std::string(kEnding);
}

void layBallast(const std::string& journal, int64_t bytes)
{
    const std::string path = ballastPath(journal);
    struct stat info {};
    if (::stat(path.c_str(), &info) == 0 && info.st_size == bytes) return;
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (fd < 0) return;
    const bool laid = ::posix_fallocate(fd, 0, bytes) == 0; // blocks, not a hole
    ::close(fd);
    if (!laid) ::unlink(path.c_str());
}

bool dropBallast(const std::string& journal)
{
    return ::unlink(ballastPath(journal).c_str()) == 0;
}

bool dropBallastIn(const std::string& folder)
{
    bool dropped = false;
    for (const std::string& name : filesIn(folder, kEnding, kJournalsInFolder))
        dropped = ::unlink((folder + "/" + name).c_str()) == 0 || dropped;
    return dropped;
}

} // namespace sluice::journal
