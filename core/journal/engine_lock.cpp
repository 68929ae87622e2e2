// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/journal/engine_lock.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/journal/file_tools.h"

namespace sluice::journal {

namespace {

// Linux value; the header shows it only with GNU extensions on.
#ifndef F_OFD_GETLK
constexpr int F_OFD_GETLK = 36;
#endif
#ifndef F_OFD_SETLK
constexpr int F_OFD_SETLK = 37;
#endif

struct flock wholeFile()
{
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    return lock;
}

bool lockNow(int fd)
{
    struct flock lock = wholeFile();
    return ::fcntl(fd, F_OFD_SETLK, &lock) == 0;
}

/// The name still means the file we locked: somebody tidying up may have removed it in between.
bool stillNamed(int fd, const std::string& path)
{
    struct stat mine {};
    struct stat named {};
    return ::fstat(fd, &mine) == 0 && ::stat(path.c_str(), &named) == 0 && mine.st_ino == named.st_ino &&
           mine.st_dev == named.st_dev;
}

} // namespace

std::string EngineLock::pathOf(const std::string& folder, const std::string& engine)
{
    return fmt::format("{}/engine.{}.lock", folder, safeFileName(engine));
}

Result<std::unique_ptr<EngineLock>> EngineLock::hold(const std::string& folder, const std::string& engine)
{
    constexpr int kTries = 8; // each lost to somebody who removes the file just then
    const std::string path = pathOf(folder, engine);
    for (int i = 0; i < kTries; ++i) {
        const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
        if (fd < 0) {
            return Error{Fault::Unreachable, fmt::format("Cannot create {}: {}.", path, std::strerror(errno))};
        }
        std::unique_ptr<EngineLock> lock(new EngineLock(fd));
        if (!lockNow(fd)) {
            return Error{Fault::Refused,
                         fmt::format("An engine named {} is alive already (it holds {}).", engine, path)};
        }
        if (stillNamed(fd, path)) return lock;
    }
    return Error{Fault::Internal, fmt::format("{} is removed again and again by somebody.", path)};
}

EngineLock::~EngineLock()
{
    ::close(m_fd);
}

bool EngineLock::provenDead(const std::string& folder, const std::string& engine)
{
    const int fd = ::open(pathOf(folder, engine).c_str(), O_RDWR | O_CLOEXEC);
    if (fd < 0) return false;
    struct flock lock = wholeFile();
    const bool told = ::fcntl(fd, F_OFD_GETLK, &lock) == 0;
    ::close(fd);
    return told && lock.l_type == F_UNLCK;
}

void EngineLock::tidy(const std::string& folder, const std::string& engine)
{
    const std::string path = pathOf(folder, engine);
    const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    if (fd < 0) return;
    if (lockNow(fd) && stillNamed(fd, path)) ::unlink(path.c_str());
    ::close(fd);
}

} // namespace sluice::journal
