// One lock a file, of the operating system: it is free again when its process ends, however it ends.
#pragma once

#include <cstdint>
#include <string>

namespace packetbeat {

/// Makes the file if there is none (readable by its owner alone) and locks it without waiting. The lock
/// belongs to this call, not to the process: a second call fails like one of another process.
/// @return what `unlock_file` needs, or -1: it is locked.
/// @throws std::system_error when the file cannot be made or its file system knows no locks.
intptr_t lock_file(const std::string& path);

/// The file stays: who removed it could remove the one that another has just locked.
void unlock_file(intptr_t lock);

}  // namespace packetbeat
