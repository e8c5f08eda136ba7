// Reads a capture file that is in memory, for the tests of its formats.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "capture/capture_reader.h"
#include "capture_bytes.h"
#include "check.h"

namespace read_capture {

using namespace packetbeat;
using capture_bytes::Bytes, capture_bytes::Writer;

/// Gives its bytes in steps of a size, with a pause before each where `slow`.
class Memory final : public ByteInput {
 public:
  Memory(Bytes bytes, size_t step = SIZE_MAX, bool slow = false)
      : bytes_(std::move(bytes)), step_(step), slow_(slow) {}
  std::optional<size_t> read(std::span<uint8_t> into) override {
    if (slow_ && (pause_ = !pause_)) return std::nullopt;
    auto count = std::min({into.size(), step_, bytes_.size() - at_});
    std::copy_n(bytes_.begin() + static_cast<long>(at_), count, into.begin());
    at_ += count;
    return count;
  }

 private:
  Bytes bytes_;
  size_t step_, at_ = 0;
  bool slow_, pause_ = false;
};

struct Seen {
  Time time;
  Link link;
  uint32_t wire;
  Bytes bytes;
  bool operator==(const Seen&) const = default;
};

struct Result {
  std::vector<Seen> frames;
  std::string code, message;
  uint64_t unsupported = 0;
};

inline Result read(const Bytes& file, size_t step = SIZE_MAX, bool slow = false) {
  Memory memory(file, step, slow);
  CaptureReader reader(memory, "\"x\"");
  Result result;
  try {
    Frame frame;
    for (auto next = reader.next(frame); next != Source::Next::End; next = reader.next(frame)) {
      CHECK(slow || next == Source::Next::Frame);
      if (next == Source::Next::Frame)
        result.frames.push_back(
            {frame.time, frame.link, frame.wire_length, Bytes(frame.bytes.begin(), frame.bytes.end())});
    }
  } catch (const CaptureError& error) {
    result.code = error.code();
    result.message = error.what();
  }
  result.unsupported = reader.unsupported();
  return result;
}

inline bool says(const Result& result, const char* code, const char* words) {
  return result.code == code && result.message.find(words) != std::string::npos;
}

inline const Bytes ping{1, 2, 3, 4, 5}, pong{6, 7, 8};
constexpr uint32_t kMicro = 0xa1b2c3d4, kNano = 0xa1b23c4d, kModified = 0xa1b2cd34;

inline Writer pcapng(bool big) {
  Bytes nanoseconds = Writer(big).u16(9).u16(1).u8(9).pad().u16(14).u16(8).u64(100).u16(0).u16(0).out;
  Bytes obsolete = Writer(big).u16(1).u16(0).u32(0).u32(3'000'000'000).u32(3).u32(70).bytes(pong).out;
  Writer out(big);
  out.section().interface(1).interface(113, 4, nanoseconds).block(5, Bytes(300)).enhanced(0, 5'000'001, ping);
  out.enhanced(1, 2'000'000'003, pong, 60).simple(ping, 5).block(0xbad, Bytes(9)).block(2, obsolete);
  return out;
}

}  // namespace read_capture
