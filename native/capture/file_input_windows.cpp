#include "capture/file_input.h"

#ifdef _WIN32

#include <fcntl.h>
#include <io.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <filesystem>
#include <system_error>

#include "capture/source.h"

namespace packetbeat {

FileInput::FileInput(std::string path) : path_(std::move(path)) {
  auto wide =
      std::filesystem::path(reinterpret_cast<const char8_t*>(path_.c_str()));  // Node's strings are UTF-8
  std::error_code ignored;
  if (std::filesystem::is_directory(wide, ignored))
    fail(EISDIR, "ERR_CAPTURE_FILE_UNREADABLE", "name a capture file in it");
  file_ = ::_wopen(wide.c_str(), _O_RDONLY | _O_BINARY | _O_SEQUENTIAL | _O_NOINHERIT);
  if (file_ < 0 && errno == ENOENT) fail(errno, "ERR_CAPTURE_FILE_NOT_FOUND", "check the path");
  if (file_ < 0) fail(errno, "ERR_CAPTURE_FILE_UNREADABLE", "make it readable for this user");
  struct _stat64 about{};
  regular_ = ::_fstat64(file_, &about) == 0 && (about.st_mode & _S_IFREG) != 0;
  size_ = regular_ ? static_cast<uint64_t>(about.st_size) : 0;
}

FileInput::~FileInput() {
  ::_close(file_);
}

std::optional<size_t> FileInput::read(std::span<uint8_t> into) {
  auto size = static_cast<unsigned>(std::min<size_t>(into.size(), INT_MAX));
  int got = ::_read(file_, into.data(), size);
  if (got < 0) fail(errno, "ERR_CAPTURE_FILE_UNREADABLE", "check the disk or copy the file elsewhere");
  position_.fetch_add(static_cast<uint64_t>(got), std::memory_order_relaxed);
  return static_cast<size_t>(got);
}

void FileInput::rewind() {
  if (::_lseeki64(file_, 0, SEEK_SET) != 0) fail(errno, "ERR_CAPTURE_FILE_UNREADABLE", "read it once only");
  position_.store(0, std::memory_order_relaxed);
}

void FileInput::fail(int error, const char* code, const std::string& advice) const {
  throw CaptureError(
      code, "Cannot read \"" + path_ + "\": " + std::generic_category().message(error) + "; " + advice + ".");
}

}  // namespace packetbeat

#endif
