// Fixed areas that the capture thread fills with rows and lends, one at a time, to JavaScript.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <cstring>
#include <functional>
#include <mutex>
#include <span>
#include <vector>

#include "capture/row.h"

namespace packetbeat {

/// How a pool's memory is cut: `batches` areas, each a table of `rows` rows, then `payload` bytes.
struct BatchGeometry {
  uint32_t batches = 6;
  uint32_t rows = 2048;         // more did not make the hand-over cheaper
  uint32_t payload = 1u << 18;  // holds any datagram, and all six fit a cache

  constexpr uint32_t table_bytes() const { return rows * static_cast<uint32_t>(sizeof(Row)); }
  constexpr uint32_t batch_bytes() const { return table_bytes() + payload; }
  constexpr size_t total_bytes() const { return size_t{batches} * batch_bytes(); }
};

/// One thread writes; any thread releases. Memory is fixed: with every batch on loan the writer waits.
class BatchPool {
 public:
  /// Called by the writer with a batch to lend and its rows. False: nobody is there to read; all further rows
  /// go.
  using HandOver = std::function<bool(uint32_t batch, uint32_t rows)>;

  struct Counters {
    uint64_t handed_over = 0;
    uint64_t waits = 0;  // times every batch was on loan
  };

  /// `memory` has `geometry.total_bytes()`, is aligned to 8 bytes, and outlives the pool.
  BatchPool(std::span<uint8_t> memory, BatchGeometry geometry, HandOver hand_over);

  /// Writer: appends a row with a copy of `payload`, which must fit a batch. May wait.
  void push(const Row& row, std::span<const uint8_t> payload = {}) {
    uint8_t* const place = append(row, static_cast<uint32_t>(payload.size()));
    if (place && !payload.empty()) std::memcpy(place, payload.data(), payload.size());
  }
  /// Writer: appends a row and returns where its payload of `length` bytes, which must fit a batch, is to be
  /// written; null when nobody reads any more. May wait.
  uint8_t* append(Row row, uint32_t length) {
    if (row_ == geometry_.rows || length > geometry_.payload - used_ || !memory_) [[unlikely]]
      if (!next_batch()) return nullptr;
    row.offset = used_;
    row.length = length;
    std::memcpy(memory_ + row_++ * sizeof(Row), &row, sizeof row);
    used_ += length;
    return memory_ + geometry_.table_bytes() + row.offset;
  }
  /// Writer: as `push`, in as many rows as the payload needs. For bytes of a stream, where a cut means
  /// nothing.
  void push_stream(const Row& row, std::span<const uint8_t> payload);
  /// Writer: lets the next payload begin at a multiple of 8 bytes, so that it can be read as float64.
  void align();
  /// Writer: lends the open batch, if it has rows.
  void hand_over();
  /// Writer: rows that nobody has seen yet.
  bool pending() const { return row_ != 0; }
  const BatchGeometry& geometry() const { return geometry_; }

  /// Any thread: gives a batch back. A batch that is not on loan is left alone.
  void release(uint32_t batch);
  /// Any thread: nobody will release any more. Ends a wait; all further rows go.
  void abandon();
  /// Any thread.
  Counters counters() const;

 private:
  bool next_batch();
  bool acquire();

  const BatchGeometry geometry_;
  uint8_t* const base_;
  const HandOver hand_over_;

  // The writer's: the open batch. `memory_` is null between a hand-over and the next row.
  uint8_t* memory_ = nullptr;
  uint32_t batch_ = 0, row_ = 0, used_ = 0;

  mutable std::mutex mutex_;
  std::condition_variable released_;
  std::vector<uint32_t> free_;  // the last one released is taken first: its memory is still in the cache
  std::vector<bool> lent_;
  bool abandoned_ = false;
  Counters counters_;
};

}  // namespace packetbeat
