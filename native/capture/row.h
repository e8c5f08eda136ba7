// One row of a batch: the unit in which C++ tells JavaScript what happened. `layout` in binding.d.ts names
// its columns.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "capture/frame.h"

namespace packetbeat {

enum class RowKind : uint8_t { Open, Data, Gap, Close, Flow, Tick, Packet };
constexpr std::array<std::string_view, 7> kRowKindNames = {"open", "data", "gap",   "close",
                                                           "flow", "tick", "packet"};

enum class CloseReason : uint8_t { Fin, Reset, Idle, Evicted, Replaced, End };
constexpr std::array<std::string_view, 6> kCloseReasonNames = {"fin",     "reset",    "idle",
                                                               "evicted", "replaced", "end"};

struct Row {
  uint32_t head = 0;          // bits 0-7 RowKind, bit 8 direction, bits 16-23 CloseReason or DecodeResult
  uint32_t conversation = 0;  // dense, reused after Close; of a packet, what it is
  uint32_t seconds = 0;       // since the Unix epoch
  uint32_t nanoseconds = 0;   // within the second
  uint32_t offset = 0;        // of the payload, in bytes from the end of the table; set by BatchPool
  uint32_t length = 0;        // of the payload, in bytes; set by BatchPool
  uint32_t a = 0, b = 0;      // by kind

  static Row make(RowKind kind, Time time, uint32_t conversation = 0, unsigned direction = 0) {
    Row row;
    row.head = static_cast<uint32_t>(kind) | direction << 8;
    row.conversation = conversation;
    row.seconds = static_cast<uint32_t>(time / kSecond);
    row.nanoseconds = static_cast<uint32_t>(time % kSecond);
    return row;
  }
};
static_assert(sizeof(Row) == 32, "binding.d.ts reads rows of 8 x u32");

}  // namespace packetbeat
