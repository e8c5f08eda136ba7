// A capture file that arrives in pieces from another thread: standard input, or what a decompressor yields.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "capture/open_source.h"
#include "capture/source.h"

namespace packetbeat {

class CaptureReader;

/// Reads pcap or pcapng from what `feed` brings. One thread feeds, the capture thread calls `next`.
class StreamSource final : public Source {
 public:
  /// Called once per `feed`, on either thread and without a lock held, when there is room for more.
  using Taken = std::function<void()>;

  explicit StreamSource(Pace pace);
  ~StreamSource() override;

  /// Feeding thread: takes a copy of `bytes`; never waits. After `close` or the end the bytes are dropped and
  /// `taken` is called at once.
  void feed(std::span<const uint8_t> bytes, Taken taken);
  /// Feeding thread: there is no more.
  void feed_end();
  /// Any thread: nobody will call `next` again; calls what waits for room, so that no feeder hangs.
  void close();

  Next next(Frame& frame) override;
  bool live() const override { return false; }
  SourceStats stats() const override;

 private:
  struct Queue;
  std::shared_ptr<Queue> queue_;
  std::unique_ptr<CaptureReader> reader_;
};

}  // namespace packetbeat
