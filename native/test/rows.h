// Reads back what was written as rows.
#pragma once

#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "capture/batch_pool.h"

namespace packetbeat {

struct Told {
  RowKind kind;
  unsigned direction;
  CloseReason reason;
  uint32_t conversation;
  Time time;
  uint32_t a, b;
  std::string bytes;
};

inline std::vector<Told> read_rows(const uint8_t* batch, const BatchGeometry& geometry, uint32_t rows) {
  std::vector<Told> told;
  for (uint32_t i = 0; i < rows; ++i) {
    Row row;
    std::memcpy(&row, batch + i * sizeof(Row), sizeof row);
    told.push_back({static_cast<RowKind>(row.head & 0xff), row.head >> 8 & 1,
                    static_cast<CloseReason>(row.head >> 16 & 0xff), row.conversation,
                    Time{row.seconds} * kSecond + row.nanoseconds, row.a, row.b,
                    std::string(reinterpret_cast<const char*>(batch) + geometry.table_bytes() + row.offset,
                                row.length)});
  }
  return told;
}

/// A pool whose batches are read and given back at once.
class Reader {
 public:
  explicit Reader(BatchGeometry geometry = {2, 16, 1 << 17})
      : geometry_(geometry),
        memory_(geometry.total_bytes() / sizeof(uint64_t) + 1),
        pool({reinterpret_cast<uint8_t*>(memory_.data()), geometry.total_bytes()}, geometry,
             [this](uint32_t batch, uint32_t rows) {
               auto* start =
                   reinterpret_cast<uint8_t*>(memory_.data()) + size_t{batch} * geometry_.batch_bytes();
               for (Told& row : read_rows(start, geometry_, rows)) told_.push_back(std::move(row));
               pool.release(batch);
               return true;
             }) {}

  /// What was told since the last call.
  std::vector<Told> take() {
    pool.hand_over();
    return std::exchange(told_, {});
  }

 private:
  BatchGeometry geometry_;
  std::vector<uint64_t> memory_;
  std::vector<Told> told_;

 public:
  BatchPool pool;
};

}  // namespace packetbeat
