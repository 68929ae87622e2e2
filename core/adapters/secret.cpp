// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/adapters/secret.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

namespace sluice::adapters {

namespace {

constexpr size_t kMaxSecret = 64 * 1024;

Result<Redacted> fromEnvironment(const std::string& name)
{
    const char* value = std::getenv(name.c_str());
    if (value == nullptr || *value == '\0')
        return Error{Fault::BadInput, fmt::format("The environment variable {} is not set.", name)};
    return Redacted(value);
}

Result<Redacted> readAll(int fd, const std::string& path)
{
    std::string text;
    std::array<char, 4096> buffer{};
    while (true) {
        const ssize_t got = read(fd, buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return Error{Fault::Unreachable, fmt::format("Secret file {}: {}.", path, std::strerror(errno))};
        if (got == 0) break;
        text.append(buffer.data(), static_cast<size_t>(got));
        if (text.size() > kMaxSecret)
            return Error{Fault::BadInput, fmt::format("Secret file {} is larger than 64 kB.", path)};
    }
    while (text.ends_with('\n') || text.ends_with('\r'))
        text.pop_back();
    if (text.empty()) return Error{Fault::BadInput, fmt::format("Secret file {} is empty.", path)};
    return Redacted(std::move(text));
}

Result<Redacted> fromFile(const std::string& path)
{
    // O_NONBLOCK: a pipe in its place must not hang the caller.
    const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return Error{Fault::Unreachable, fmt::format("Secret file {}: {}.", path, std::strerror(errno))};
    struct stat info {};
    Result<Redacted> out = Error{Fault::BadInput, fmt::format("Secret file {} is no ordinary file.", path)};
    if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode)) {
        if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0)
            out = Error{Fault::Refused, fmt::format("Secret file {} is open to others; set its mode to 0600.", path)};
        else
            out = readAll(fd, path);
    }
    close(fd);
    return out;
}

} // namespace

Result<Redacted> resolveSecret(const SecretRef& reference)
{
    switch (reference.kind) {
    case SecretRef::Kind::None: return Redacted();
    case SecretRef::Kind::Environment: return fromEnvironment(reference.name);
    case SecretRef::Kind::File: return fromFile(reference.name);
    }
    return Error{Fault::Internal, "This kind of secret has no meaning."};
}

} // namespace sluice::adapters
