// Writes what happens to conversations as rows.
#pragma once

#include <cstdint>
#include <span>

#include "capture/batch_pool.h"
#include "reassembly/conversation.h"

namespace packetbeat {

/// Writes the `open` row of a conversation before its first data or gap: one that never carries any (a port
/// scan, a half-open flood) costs JavaScript nothing. One whose reader has heard enough is told of its close
/// only.
class RowWriter {
 public:
  explicit RowWriter(BatchPool& pool) : pool_(pool) {}

  void data(Conversation& conversation, uint32_t id, unsigned direction, Time time,
            std::span<const uint8_t> bytes) {
    if (conversation.enough) return;
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
  uint32_t opened_ = 0;  // `open` rows so far, as the reader counts them; never 0 after one
};

}  // namespace packetbeat
