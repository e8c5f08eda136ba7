// Writes what was captured to a pcap file.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <span>
#include <string>

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

  /// Appends a frame. A tag that the kernel took out is put back. Of frames with another link type than the
  /// first, raw IP gets or loses an Ethernet header (`any` mixes the two), and the rest is left out.
  /// @throws CaptureError ERR_CAPTURE_DUMP.
  void write(const Frame& frame);
  /// Writes out what is buffered. @throws CaptureError ERR_CAPTURE_DUMP.
  void flush();
  /// Frames left out for their link type.
  uint64_t left_out() const { return left_out_; }

 private:
  /// What must be done to a frame's bytes so that they have the file's link type.
  struct Fit {
    size_t skipped = 0;  // at the start
    size_t added_at = 0, added_size = 0;
    std::array<uint8_t, 14> added{};
  };

  std::optional<Fit> fit(const Frame& frame) const;
  void open(Link link);
  void put(std::span<const uint8_t> bytes);
  [[noreturn]] void fail(const char* doing);

  std::string path_;
  std::FILE* file_ = nullptr;
  std::optional<Link> link_;
  uint64_t left_out_ = 0;
};

}  // namespace packetbeat
