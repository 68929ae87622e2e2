// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/journal/faulty_disk.h"

#include <QDir>
#include <sqlite3.h>

namespace sluice::journal_test {

namespace {

sqlite3_vfs* s_real = nullptr;
sqlite3_vfs s_vfs{};

struct FaultyFile {
    sqlite3_file base;
    sqlite3_file* real; // in the same memory, behind this struct
};

sqlite3_file* realOf(sqlite3_file* file)
{
    return reinterpret_cast<FaultyFile*>(file)->real;
}

int64_t used()
{
    int64_t bytes = 0;
    for (const auto& info : QDir(QString::fromStdString(FaultyDisk::folder)).entryInfoList(QDir::Files)) {
        bytes += info.size();
    }
    return bytes;
}

int close(sqlite3_file* file)
{
    return realOf(file)->pMethods->xClose(realOf(file));
}
int read(sqlite3_file* file, void* to, int bytes, sqlite3_int64 at)
{
    return realOf(file)->pMethods->xRead(realOf(file), to, bytes, at);
}
int write(sqlite3_file* file, const void* from, int bytes, sqlite3_int64 at)
{
    if (++FaultyDisk::writes == FaultyDisk::failWriteAt) {
        ++FaultyDisk::faults;
        return SQLITE_IOERR_WRITE;
    }
    sqlite3_int64 size = 0;
    realOf(file)->pMethods->xFileSize(realOf(file), &size);
    const int64_t growth = at + bytes - size;
    if (FaultyDisk::room >= 0 && growth > 0 && used() + growth > FaultyDisk::room) {
        ++FaultyDisk::faults;
        return SQLITE_FULL;
    }
    return realOf(file)->pMethods->xWrite(realOf(file), from, bytes, at);
}
int truncate(sqlite3_file* file, sqlite3_int64 size)
{
    return realOf(file)->pMethods->xTruncate(realOf(file), size);
}
int sync(sqlite3_file* file, int flags)
{
    if (++FaultyDisk::syncs == FaultyDisk::failSyncAt) {
        ++FaultyDisk::faults;
        return SQLITE_IOERR_FSYNC;
    }
    return realOf(file)->pMethods->xSync(realOf(file), flags);
}
int fileSize(sqlite3_file* file, sqlite3_int64* size)
{
    return realOf(file)->pMethods->xFileSize(realOf(file), size);
}
int lock(sqlite3_file* file, int level)
{
    return realOf(file)->pMethods->xLock(realOf(file), level);
}
int unlock(sqlite3_file* file, int level)
{
    return realOf(file)->pMethods->xUnlock(realOf(file), level);
}
int checkLock(sqlite3_file* file, int* out)
{
    return realOf(file)->pMethods->xCheckReservedLock(realOf(file), out);
}
int control(sqlite3_file* file, int what, void* argument)
{
    return realOf(file)->pMethods->xFileControl(realOf(file), what, argument);
}
int sectorSize(sqlite3_file* file)
{
    return realOf(file)->pMethods->xSectorSize(realOf(file));
}
int traits(sqlite3_file* file)
{
    return realOf(file)->pMethods->xDeviceCharacteristics(realOf(file));
}

const sqlite3_io_methods& methods()
{
    static const sqlite3_io_methods kMethods = [] {
        sqlite3_io_methods made{};
        made.iVersion = 1;
        made.xClose = close;
        made.xRead = read;
        made.xWrite = write;
        made.xTruncate = truncate;
        made.xSync = sync;
        made.xFileSize = fileSize;
        made.xLock = lock;
        made.xUnlock = unlock;
        made.xCheckReservedLock = checkLock;
        made.xFileControl = control;
        made.xSectorSize = sectorSize;
        made.xDeviceCharacteristics = traits;
        return made;
    }();
    return kMethods;
}

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* outFlags)
{
    auto* faulty = reinterpret_cast<FaultyFile*>(file);
    faulty->real = reinterpret_cast<sqlite3_file*>(faulty + 1);
    const int code = s_real->xOpen(s_real, name, faulty->real, flags, outFlags);
    faulty->base.pMethods = code == SQLITE_OK ? &methods() : nullptr;
    return code;
}

} // namespace

void FaultyDisk::install()
{
    if (s_real != nullptr) return;
    s_real = sqlite3_vfs_find(nullptr);
    s_vfs = *s_real;
    s_vfs.pNext = nullptr;
    s_vfs.zName = "faulty";
    s_vfs.szOsFile = static_cast<int>(sizeof(FaultyFile)) + s_real->szOsFile;
    s_vfs.xOpen = open;
    if (sqlite3_vfs_register(&s_vfs, 1) != SQLITE_OK) qFatal("the faulty disk cannot be installed");
}

void FaultyDisk::heal()
{
    room = -1;
    failSyncAt = -1;
    failWriteAt = -1;
    syncs = 0;
    writes = 0;
    faults = 0;
}

} // namespace sluice::journal_test
