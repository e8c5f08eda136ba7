// A capture file that arrives in pieces from another thread: standard input, or what a decompressor yields.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <utility>

#include "capture/capture_reader.h"
#include "capture/chunk_queue.h"
#include "capture/open_source.h"
#include "capture/pacer.h"

namespace packetbeat {

/// Reads pcap or pcapng from what `feed` brings. One thread feeds, the capture thread calls `next`.
class StreamSource final : public Source {
 public:
  explicit StreamSource(const StreamOptions& options);
  /// Tells everyone who still waits for room, as `close`.
  ~StreamSource() override;

  /// Feeding thread: takes a copy of `bytes`; never waits. `taken` is called once, here or later on the
  /// capture thread, when there is room for more. After `close` or `feed_end` the bytes are dropped.
  void feed(std::span<const uint8_t> bytes, Taken taken) { queue_.push(bytes, std::move(taken)); }
  /// Feeding thread: there is no more.
  void feed_end() { queue_.end(); }
  /// Any thread: nobody will call `next` again, so no feeder may wait for it. To be called when capture stops
  /// early.
  void close() { queue_.close(); }

  /// The format is told, or refused, with the first bytes. @throws CaptureError as FileSource.
  Next next(Frame& frame) override;
  bool live() const override { return pacer_.live(); }
  SourceStats stats() const override;

 private:
  ChunkQueue queue_;
  CaptureReader reader_;
  Pacer pacer_;
  std::atomic<uint64_t> unsupported_ = 0;
};

}  // namespace packetbeat
