// Capture files, whatever brings their bytes: tells the format by its first bytes and reads frame after
// frame.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "capture/frame.h"
#include "capture/input_buffer.h"
#include "capture/source.h"

namespace packetbeat {

/// Longest frame that is believed. tcpdump keeps 256 KiB at most and Linux makes segments of up to 512 KiB
/// (BIG TCP); more than that is damage, and would only make us allocate what the file says.
constexpr uint32_t kLongestFrame = 1 << 20;

/// Latest time that is believed (the year 2116), so that adding a timeout to a packet's time cannot overflow.
constexpr Time kLatest = Time{1} << 62;

/// One format's frames; begins behind the bytes that told the format.
class RecordReader {
 public:
  virtual ~RecordReader() = default;
  /// As `Source::next`; `frame.bytes` lie in `input`. @throws CaptureError ERR_CAPTURE_FILE_…,
  /// ERR_CAPTURE_LINK_TYPE.
  virtual Source::Next next(InputBuffer& input, Frame& frame) = 0;
  /// Frames passed over for their link type.
  virtual uint64_t unsupported() const { return 0; }
};

/// Reads pcap and pcapng. One thread.
class CaptureReader {
 public:
  /// `name` is how messages call the input: a quoted path, or `the stream`.
  CaptureReader(ByteInput& input, std::string name);

  /// Tells the format, reading as little as that takes; false while those bytes have not come.
  /// @throws CaptureError ERR_CAPTURE_FILE_EMPTY, ERR_CAPTURE_FILE_FORMAT, ERR_CAPTURE_LINK_TYPE and others.
  bool open();
  /// As `Source::next`, with `open` first where it was not called.
  Source::Next next(Frame& frame);
  uint64_t unsupported() const { return records_ ? records_->unsupported() : 0; }

 private:
  InputBuffer input_;
  std::string name_;
  std::unique_ptr<RecordReader> records_;
};

/// What a reader says when bytes are missing: Idle while they may come, End between two records.
/// @throws CaptureError ERR_CAPTURE_FILE_TRUNCATED within a record, whose first `taken` bytes were taken
/// already.
Source::Next ran_out(InputBuffer::State state, const InputBuffer& input, const std::string& name,
                     uint64_t taken = 0);

/// @throws CaptureError ERR_CAPTURE_FILE_CORRUPT: `what` is wrong at byte `offset`.
[[noreturn]] void corrupt(const std::string& name, uint64_t offset, const std::string& what);

/// @throws CaptureError ERR_CAPTURE_LINK_TYPE.
[[noreturn]] void unsupported_link(const std::string& name, uint32_t link);

}  // namespace packetbeat
