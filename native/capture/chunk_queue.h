// Bytes on their way from the thread that feeds them to the capture thread.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <span>
#include <vector>

#include "capture/input_buffer.h"

namespace packetbeat {

/// Called once per chunk, on either thread and without a lock held, when there is room for more.
using Taken = std::function<void()>;

/// Unbounded by itself: `Taken` is what holds the feeder back once more than `kRoom` bytes wait.
class ChunkQueue final : public ByteInput {
 public:
  static constexpr size_t kRoom = 1 << 20;  // bytes: a few chunks of a pipe, so that neither side often waits

  /// Feeding thread. Copies.
  void push(std::span<const uint8_t> bytes, Taken taken);
  /// Feeding thread: no more will come.
  void end();
  /// Any thread: nobody reads any more. Everyone who waits is told, and what comes later is dropped.
  void close();
  /// Capture thread; waits some milliseconds.
  std::optional<size_t> read(std::span<uint8_t> into) override;
  /// Bytes read. Any thread.
  uint64_t position() const { return position_.load(std::memory_order_relaxed); }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::vector<uint8_t>> chunks_;
  std::vector<Taken> waiting_;
  size_t first_ = 0;   // bytes read of the first chunk
  size_t queued_ = 0;  // bytes
  bool ended_ = false, closed_ = false;
  std::atomic<uint64_t> position_ = 0;
};

}  // namespace packetbeat
