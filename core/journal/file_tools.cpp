// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/journal/file_tools.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "core/base/sha256.h"

namespace sluice::journal {

namespace {

constexpr mode_t kOwnerFile = S_IRUSR | S_IWUSR;

/// Closes on leaving.
class Descriptor {
public:
    explicit Descriptor(int fd)
        : m_fd(fd)
    {
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor()
    {
        if (m_fd >= 0) ::close(m_fd);
    }
    int get() const { return m_fd; }
    bool ok() const { return m_fd >= 0; }

private:
    int m_fd;
};

Error failed(const std::string& what, const std::string& path, int code)
{
    const Fault fault = code == EACCES || code == EPERM || code == EROFS ? Fault::Refused : Fault::Unreachable;
    return {fault, fmt::format("{} {}: {}.", what, path, std::strerror(code))};
}

bool writeAll(int fd, std::string_view content)
{
    while (!content.empty()) {
        const ssize_t written = ::write(fd, content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        content.remove_prefix(static_cast<size_t>(written));
    }
    return true;
}

/// A complete, synced file beside `path` that nobody else uses.
Result<std::string> writeBeside(const std::string& path, std::string_view content)
{
    static std::atomic<unsigned> s_number{0}; // several threads may write beside the same name
    const std::string beside = fmt::format("{}.{}-{}.partial", path, ::getpid(), ++s_number);
    const Descriptor file(::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kOwnerFile));
    if (!file.ok()) return failed("Cannot create", beside, errno);
    if (!writeAll(file.get(), content) || ::fsync(file.get()) != 0) {
        const int code = errno;
        ::unlink(beside.c_str());
        return failed("Cannot write", beside, code);
    }
    return beside;
}

} // namespace

std::string folderOf(const std::string& path)
{
    const size_t slash = path.rfind('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

std::string safeFileName(std::string_view text)
{
    constexpr size_t kLongest = 180; // of the 255 that filesystems allow; leaves room for endings
    constexpr size_t kKept = 100;
    std::string name;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                           c == '_' || (c == '.' && !name.empty());
        name += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    if (name.size() <= kLongest) return name;
    return fmt::format("{}~{}", name.substr(0, kKept), sha256Hex(text));
}

Result<Done> ensureFolder(const std::string& folder)
{
    if (::mkdir(folder.c_str(), S_IRWXU) == 0) return syncFolder(folderOf(folder));
    const int code = errno;
    struct stat info {};
    if (code == EEXIST && ::stat(folder.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) return Done{};
    return failed("Cannot make the folder", folder, code);
}

Result<Done> replaceFile(const std::string& path, std::string_view content)
{
    const auto beside = writeBeside(path, content);
    if (!beside) return beside.error();
    if (::rename(beside.value().c_str(), path.c_str()) != 0) {
        const int code = errno;
        ::unlink(beside.value().c_str());
        return failed("Cannot replace", path, code);
    }
    return syncFolder(folderOf(path));
}

Result<bool> createWholeFile(const std::string& path, std::string_view content)
{
    const auto beside = writeBeside(path, content);
    if (!beside) return beside.error();
    const auto named = renameFree(beside.value(), path);
    if (!named && named.error().fault == Fault::BadInput) return false;
    if (!named) return named.error();
    return true;
}

bool createEmptyFile(const std::string& path)
{
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kOwnerFile));
    if (!file.ok()) return false;
    static_cast<void>(syncFolder(folderOf(path)));
    return true;
}

std::vector<std::string> filesIn(const std::string& folder, std::string_view ending, size_t most)
{
    std::vector<std::string> names;
    std::error_code error;
    std::filesystem::directory_iterator entry(folder, error);
    for (; !error && entry != std::filesystem::end(entry) && names.size() < most; entry.increment(error)) {
        std::string name = entry->path().filename().string();
        if (name.ends_with(ending)) names.push_back(std::move(name));
    }
    std::ranges::sort(names);
    return names;
}

Result<Done> renameFree(const std::string& from, const std::string& to)
{
    if (::link(from.c_str(), to.c_str()) != 0) { // unlike rename it never replaces
        const int code = errno;
        ::unlink(from.c_str());
        if (code == EEXIST) return Error{Fault::BadInput, fmt::format("{} is there already.", to)};
        return failed("Cannot create", to, code);
    }
    ::unlink(from.c_str());
    return syncFolder(folderOf(to));
}

Result<std::optional<std::string>> readSmallFile(const std::string& path, size_t limit)
{
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.ok() && errno == ENOENT) return std::optional<std::string>{};
    if (!file.ok()) return failed("Cannot open", path, errno);
    std::string content;
    std::array<char, 8192> piece{};
    while (true) {
        const ssize_t got = ::read(file.get(), piece.data(), piece.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return failed("Cannot read", path, errno);
        if (got == 0) return std::optional<std::string>(std::move(content));
        content.append(piece.data(), static_cast<size_t>(got));
        if (content.size() > limit) {
            return Error{Fault::BadInput, fmt::format("{} has more than {} bytes.", path, limit)};
        }
    }
}

Result<bool> removeFile(const std::string& path)
{
    if (::unlink(path.c_str()) != 0) {
        if (errno == ENOENT) return false;
        return failed("Cannot remove", path, errno);
    }
    if (const auto synced = syncFolder(folderOf(path)); !synced) return synced.error();
    return true;
}

Result<Done> syncFolder(const std::string& folder)
{
    const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory.ok()) return failed("Cannot open the folder", folder, errno);
    if (::fsync(directory.get()) != 0) return failed("Cannot sync the folder", folder, errno);
    return Done{};
}

std::optional<std::string_view> networkFilesystem(int64_t statfsType)
{
    static constexpr std::array<std::pair<uint32_t, std::string_view>, 9> kKnown{{
        {NFS_SUPER_MAGIC, "NFS"},
        {SMB_SUPER_MAGIC, "SMB"},
        {0xFE534D42U, "SMB2"},
        {0xFF534D42U, "CIFS"},
        {AFS_SUPER_MAGIC, "AFS"},
        {CODA_SUPER_MAGIC, "Coda"},
        {0x00C36400U, "Ceph"},
        {0x0BD00BD0U, "Lustre"},
        {0x47504653U, "GPFS"},
    }};
    for (const auto& [type, name] : kKnown) {
        if (type == static_cast<uint32_t>(statfsType)) return name;
    }
    return std::nullopt;
}

Result<Done> refuseNetworkFolder(const std::string& folder)
{
    struct statfs info {};
    if (::statfs(folder.c_str(), &info) != 0) return failed("Cannot look at the folder", folder, errno);
    const auto network = networkFilesystem(info.f_type);
    if (!network) return Done{};
    return Error{Fault::Refused,
                 fmt::format("{} lies on {}, where locks do not keep two engines apart; put the journal on a local "
                             "disk.",
                             folder, *network)};
}

std::optional<int64_t> freeBytes(const std::string& folder)
{
    struct statvfs info {};
    if (::statvfs(folder.c_str(), &info) != 0) return std::nullopt;
    return static_cast<int64_t>(info.f_bavail) * static_cast<int64_t>(info.f_frsize);
}

} // namespace sluice::journal
