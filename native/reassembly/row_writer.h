// Writes what happens to conversations as rows.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

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
  /// By what its processes are asked for, 0 for nothing; its `open` row tells. Only where they are looked up.
  void ticket(uint32_t id, uint32_t ticket) {
    if (id >= tickets_.size()) tickets_.resize(size_t{id} + 1);
    tickets_[id] = ticket;
  }

 private:
  void open(Conversation& conversation, uint32_t id, Time time);

  BatchPool& pool_;
  std::vector<uint32_t> tickets_;  // by conversation
  uint32_t opened_ = 0;            // `open` rows so far, as the reader counts them; never 0 after one
};

}  // namespace packetbeat
