// The contract of a packet source: capture files, a fed stream, AF_PACKET, libpcap.
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

#include "capture/frame.h"

namespace packetbeat {

/// What went wrong with a source, as one sentence with what to do. `code` is one of ERR_CAPTURE_… in
/// lib/errors.ts.
class CaptureError : public std::runtime_error {
 public:
  CaptureError(std::string code, const std::string& what)
      : std::runtime_error(what), code_(std::move(code)) {}
  const std::string& code() const { return code_; }

 private:
  std::string code_;
};

/// Counted by the source or by the kernel on its behalf; read from any thread.
struct SourceStats {
  uint64_t kernel_packets = 0;  // that reached the kernel's ring or were dropped there
  uint64_t kernel_dropped = 0;  // lost because the ring was full
  uint64_t ring_freezes = 0;    // times the kernel found the ring full
  uint64_t file_bytes = 0;      // size of the file, 0 when unknown
  uint64_t file_position = 0;   // bytes of it read, in this pass
  uint64_t unsupported = 0;  // frames passed over, because their interface has a link type we do not decode
};

class Source {
 public:
  enum class Next {
    Frame,  // `frame` is filled
    Idle,   // nothing came for a while (live: some milliseconds); ask again
    End,    // no more; for a file all was read
  };

  virtual ~Source() = default;
  /// Capture thread. Waits at most about 50 ms. @throws CaptureError when the source breaks; what came before
  /// counts.
  virtual Next next(Frame& frame) = 0;
  /// True when time goes on without packets.
  virtual bool live() const = 0;
  virtual SourceStats stats() const = 0;
};

}  // namespace packetbeat
