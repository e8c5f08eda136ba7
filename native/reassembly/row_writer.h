// Writes what happens to conversations as rows.
#pragma once

#include <cstdint>
#include <span>

#include "capture/batch_pool.h"
#include "reassembly/conversation.h"

namespace packetbeat {

/// Writes the `open` row of a conversation before its first data or gap: one that never carries any (a port
/// scan, a half-open flood) costs JavaScript nothing.
class RowWriter {
 public:
  explicit RowWriter(BatchPool& pool) : pool_(pool) {}

  void data(Conversation& conversation, uint32_t id, unsigned direction, Time time,
            std::span<const uint8_t> bytes) {
    if (!conversation.told) open(conversation, id, time);
    pool_.push_stream(Row::make(RowKind::Data, time, id, direction), bytes);
  }
  /// One datagram or ICMP message; `wire_length` is more than `bytes` when the snap length cut it.
  void datagram(Conversation& conversation, uint32_t id, unsigned direction, Time time,
                std::span<const uint8_t> bytes, uint32_t wire_length);
  void gap(Conversation& conversation, uint32_t id, unsigned direction, Time time, uint32_t bytes);
  /// Nothing, if the conversation was never told.
  void close(const Conversation& conversation, uint32_t id, Time time, CloseReason reason);

 private:
  void open(Conversation& conversation, uint32_t id, Time time);

  BatchPool& pool_;
};

}  // namespace packetbeat
