#include "capture/file_input.h"

#ifndef _WIN32

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "capture/source.h"

namespace packetbeat {

namespace {
constexpr int kPollMilliseconds = 50;
}

FileInput::FileInput(std::string path) : path_(std::move(path)) {
  // Without O_NONBLOCK, opening a pipe waits for its writer, and nothing could stop us meanwhile.
  do {
    file_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  } while (file_ < 0 && errno == EINTR);
  if (file_ < 0) {
    if (errno == ENOENT || errno == ENOTDIR) fail(errno, "ERR_CAPTURE_FILE_NOT_FOUND", "check the path");
    if (errno == EACCES || errno == EPERM)
      fail(errno, "ERR_CAPTURE_FILE_UNREADABLE",
           "make it readable for this user, or run as one who may read it");
    fail(errno, "ERR_CAPTURE_FILE_UNREADABLE", "name a file that can be read");
  }
  struct stat about{};
  if (::fstat(file_, &about) != 0 || S_ISDIR(about.st_mode)) {
    int error = S_ISDIR(about.st_mode) ? EISDIR : errno;
    ::close(file_);
    fail(error, "ERR_CAPTURE_FILE_UNREADABLE", "name a capture file in it");
  }
  regular_ = S_ISREG(about.st_mode);
  size_ = regular_ ? static_cast<uint64_t>(about.st_size) : 0;
#ifdef POSIX_FADV_SEQUENTIAL
  if (regular_) ::posix_fadvise(file_, 0, 0, POSIX_FADV_SEQUENTIAL);
#endif
}

FileInput::~FileInput() {
  ::close(file_);
}

std::optional<size_t> FileInput::read(std::span<uint8_t> into) {
  for (;;) {
    if (!regular_) {
      // Before its first writer a pipe reads as ended; poll alone tells "not yet" from "no more".
      pollfd waiting{file_, POLLIN, 0};
      int ready = ::poll(&waiting, 1, kPollMilliseconds);
      if (ready == 0 || (ready < 0 && errno == EINTR)) return std::nullopt;
    }
    auto got = ::read(file_, into.data(), into.size());
    if (got >= 0) {
      position_.fetch_add(static_cast<uint64_t>(got), std::memory_order_relaxed);
      return static_cast<size_t>(got);
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK) return std::nullopt;
    if (errno != EINTR)
      fail(errno, "ERR_CAPTURE_FILE_UNREADABLE", "check the disk or copy the file elsewhere");
  }
}

void FileInput::rewind() {
  if (::lseek(file_, 0, SEEK_SET) != 0) fail(errno, "ERR_CAPTURE_FILE_UNREADABLE", "read it once only");
  position_.store(0, std::memory_order_relaxed);
}

void FileInput::fail(int error, const char* code, const std::string& advice) const {
  throw CaptureError(
      code, "Cannot read \"" + path_ + "\": " + std::generic_category().message(error) + "; " + advice + ".");
}

}  // namespace packetbeat

#endif
