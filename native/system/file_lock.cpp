// POSIX: flock(2). Windows has file_lock_windows.cpp.
#include "system/file_lock.h"

#ifndef _WIN32

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace packetbeat {

intptr_t lock_file(const std::string& path) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) throw std::system_error(errno, std::generic_category());
  int locked;
  do locked = flock(file, LOCK_EX | LOCK_NB);
  while (locked < 0 && errno == EINTR);
  if (locked == 0) return file;
  const int why = errno;
  close(file);
  if (why == EWOULDBLOCK) return -1;
  throw std::system_error(why, std::generic_category());
}

void unlock_file(intptr_t lock) {
  close(static_cast<int>(lock));
}

}  // namespace packetbeat

#endif
