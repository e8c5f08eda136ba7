// Hands on a recording at the pace it was recorded.
#pragma once

#include <chrono>
#include <optional>

#include "capture/capture_reader.h"
#include "capture/open_source.h"

namespace packetbeat {

/// Holds each frame back until its turn, and stamps it with the time it then is. One thread.
class Pacer {
 public:
  explicit Pacer(Pace pace) : pace_(pace) {}

  /// As `Source::next`; sleeps at most 50 ms and says Idle when the next frame's turn is further away.
  Source::Next next(CaptureReader& reader, Frame& frame) {
    return pace_ == Pace::Top ? reader.next(frame) : wait(reader, frame);
  }
  bool live() const { return pace_ == Pace::Recorded; }
  /// The next frame begins a new pass: its turn is now.
  void restart();

 private:
  Source::Next wait(CaptureReader& reader, Frame& frame);

  Pace pace_;
  std::optional<Frame> held_;  // its bytes stay in the reader, which is not asked meanwhile
  std::optional<Time> first_;  // recorded time of the first frame
  std::chrono::steady_clock::time_point start_;
};

}  // namespace packetbeat
