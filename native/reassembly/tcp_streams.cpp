#include "reassembly/tcp_streams.h"

#include <utility>

namespace packetbeat {
namespace {

/// A RST further than that from what was seen last is not believed. Blind resets rarely come closer (RFC 5961
/// §3).
constexpr uint32_t kResetReach = 1u << 22;

}  // namespace

TcpStreams::TcpStreams(ConversationTable& table, RowWriter& rows, const Limits& limits)
    : table_(table), rows_(rows), limits_(limits) {}

void TcpStreams::segment(uint32_t id, unsigned direction, const Packet& packet, Time now) {
  Conversation& conversation = table_[id];
  TcpSide& own = conversation.sides[direction];
  TcpSide& other = conversation.sides[1 - direction];
  begin(own, other, packet);

  const bool has_ack = packet.tcp_flags & tcp_flag::kAck;
  if (has_ack) acknowledge(id, 1 - direction, packet.acknowledgement);

  StreamBytes bytes{packet.payload, packet.payload_wire_length};
  bool fin = packet.tcp_flags & tcp_flag::kFin;
  if (bytes.wire == 0 && !fin) return;
  if (own.finished) {
    behind_end(conversation, direction, packet);
    return;
  }

  uint32_t ahead = packet.sequence + (packet.tcp_flags & tcp_flag::kSyn ? 1 : 0) - own.next;
  if (ahead >= 0u - kWindow) {
    const uint32_t old = 0u - ahead;
    if (bytes.wire < old || (bytes.wire == old && !fin)) {
      const bool keep_alive = old == 1 && bytes.wire <= 1;
      if (!keep_alive) counters_.retransmitted_bytes += bytes.wire;
      return;
    }
    bytes.take(old);
    counters_.retransmitted_bytes += old;
    ++counters_.overlaps;
    ahead = 0;
  } else if (ahead == 1 && !own.begun && !own.syn && own.held == kNobody) {
    own.next = packet.sequence;  // what was seen first was a keep-alive, one byte before the next
    ahead = 0;
  }

  const Stamp stamp{packet.time, now, has_ack, packet.acknowledgement};
  if (ahead != 0) ++counters_.out_of_order;
  if (ahead != 0 || own.held != kNobody || (bytes.wire > 0 && overtook(other, stamp))) [[unlikely]]
    return hold(id, direction, ahead, bytes, fin, stamp);

  deliver(conversation, id, direction, packet.time, bytes);
  own.finished = fin;
  if (other.held != kNobody) [[unlikely]]
    settle(id);
}

void TcpStreams::begin(TcpSide& own, TcpSide& other, const Packet& packet) {
  if (packet.tcp_flags & tcp_flag::kSyn) {
    if (!own.known) own.first = own.next = packet.sequence + 1;
    own.syn = own.syn || own.first == packet.sequence + 1;
    if (packet.tcp_flags & tcp_flag::kAck && !other.known) {
      other.known = other.syn = true;
      other.first = other.next = packet.acknowledgement;
    }
  } else if (!own.known) {
    own.first = own.next = packet.sequence;
  }
  own.known = true;
}

void TcpStreams::acknowledge(uint32_t id, unsigned direction, uint32_t ack) {
  TcpSide& side = table_[id].sides[direction];
  if (!side.known) return;
  const uint32_t ahead = ack - side.next;
  if (ahead == 0 || ahead >= kWindow) return;
  if (side.held != kNobody) {
    ReorderBuffer& buffer = *buffers_[side.held];
    if (buffer.next + ahead <= buffer.acked) return;
    buffer.acked = buffer.next + ahead;
    list(id, direction, buffer);
  } else if (!side.begun && !side.syn) {
    side.first = side.next = ack;  // seen in mid-stream: whatever came before is not ours to miss
  }
}

bool TcpStreams::believes_reset(const Conversation& conversation, unsigned direction,
                                const Packet& packet) const {
  const TcpSide& own = conversation.sides[direction];
  if (!own.known) return true;
  const uint32_t ahead = packet.sequence - own.next;
  return ahead < kResetReach || 0u - ahead < kResetReach;
}

void TcpStreams::behind_end(const Conversation& conversation, unsigned direction, const Packet& packet) {
  const uint32_t bytes = packet.payload_wire_length;
  if (bytes == 0) return;
  const TcpSide& own = conversation.sides[direction];
  const uint32_t first = packet.sequence + (packet.tcp_flags & tcp_flag::kSyn ? 1 : 0);
  const uint32_t left = own.next - first;  // bytes of the stream from there on
  if (own.known && left >= bytes && left <= kWindow)
    counters_.retransmitted_bytes += bytes;
  else if (conversation.reset)
    ++counters_.after_reset;
  else
    ++counters_.stray;
}

void TcpStreams::deliver(Conversation& conversation, uint32_t id, unsigned direction, Time time,
                         const StreamBytes& bytes) {
  if (bytes.wire == 0) return;
  TcpSide& side = conversation.sides[direction];
  side.begun = true;
  const auto captured = static_cast<uint32_t>(bytes.captured.size());
  side.next += captured;
  if (captured > 0) rows_.data(conversation, id, direction, time, bytes.captured);
  if (captured < bytes.wire) gap(conversation, id, direction, time, bytes.wire - captured);
}

void TcpStreams::gap(Conversation& conversation, uint32_t id, unsigned direction, Time time, uint32_t bytes) {
  TcpSide& side = conversation.sides[direction];
  side.begun = true;
  side.next += bytes;
  ++counters_.gaps;
  counters_.gap_bytes += bytes;
  rows_.gap(conversation, id, direction, time, bytes);
}

}  // namespace packetbeat
