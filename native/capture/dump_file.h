// Writes what was captured to a pcap file.
#pragma once

#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "capture/frame.h"

namespace packetbeat {

/// A nanosecond pcap file, created with the first frame, because only a frame knows the link type.
/// One thread; not copied.
class DumpFile {
 public:
  explicit DumpFile(std::string path);
  ~DumpFile();
  DumpFile(const DumpFile&) = delete;
  DumpFile& operator=(const DumpFile&) = delete;

  /// Appends a frame. A tag that the kernel took out is put back where the link is Ethernet.
  /// @throws CaptureError ERR_CAPTURE_DUMP when it cannot be written, or has another link type than the first.
  void write(const Frame& frame);
  /// Writes out what is buffered. @throws CaptureError ERR_CAPTURE_DUMP.
  void flush();

 private:
  void open(Link link);
  [[noreturn]] void fail(const char* doing);

  std::string path_;
  std::FILE* file_ = nullptr;
  std::optional<Link> link_;
  std::vector<uint8_t> record_;
};

}  // namespace packetbeat
