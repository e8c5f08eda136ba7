#include "reassembly/tcp_streams.h"

#include <utility>

namespace packetbeat {
namespace {

/// A window is at most 2^30 bytes (RFC 7323 §2.2), so nothing older than that is sent again; everything else
/// that is not `next` is new, even when capture lost gigabytes.
constexpr uint32_t kWindow = 1u << 30;

/// A RST further than that from what was seen last is not believed. Blind resets rarely come closer (RFC 5961
/// §3).
constexpr uint32_t kResetReach = 1u << 22;

bool behind(uint32_t ahead) {
  return ahead >= 0u - kWindow;
}

/// True when `stamp` acknowledges bytes of `other` that were not delivered yet.
bool overtook(const TcpSide& other, const Stamp& stamp) {
  const uint32_t unseen = stamp.ack - other.next;
  return stamp.has_ack && other.known && !other.finished && unseen != 0 && unseen < kWindow;
}

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
    if (bytes.wire > 0) ++counters_.stray;
    return;
  }

  uint32_t ahead = packet.sequence + (packet.tcp_flags & tcp_flag::kSyn ? 1 : 0) - own.next;
  if (behind(ahead)) {
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

void TcpStreams::hold(uint32_t id, unsigned direction, uint32_t ahead, StreamBytes bytes, bool fin,
                      const Stamp& stamp) {
  TcpSide& own = table_[id].sides[direction];
  ReorderBuffer& buffer = buffer_of(own);
  held_ -= buffer.cost();
  if (const uint32_t again = buffer.insert(buffer.next + ahead, bytes, stamp); again > 0) {
    counters_.retransmitted_bytes += again;
    if (again < bytes.wire) ++counters_.overlaps;
  }
  if (fin) buffer.insert_fin(buffer.next + ahead + bytes.wire, stamp);
  held_ += buffer.cost();

  settle(id);
  while (own.held != kNobody && buffers_[own.held]->cost() > limits_.reorder) give_way(id, direction);
  while (held_ > limits_.held && shed()) continue;
}

bool TcpStreams::drain(uint32_t id, unsigned direction) {
  Conversation& conversation = table_[id];
  TcpSide& own = conversation.sides[direction];
  if (own.held == kNobody) return false;
  ReorderBuffer& buffer = *buffers_[own.held];
  bool moved = false;
  while (!buffer.empty() && !buffer.front_is_fin() && buffer.front() == buffer.next &&
         !overtook(conversation.sides[1 - direction], buffer.front_stamp())) {
    deliver_front(conversation, id, direction);
    moved = true;
  }
  if (buffer.finished()) {
    own.finished = true;
    moved = true;
  }
  if (own.finished || buffer.empty()) drop_buffer(id, direction);
  return moved;
}

void TcpStreams::deliver_front(Conversation& conversation, uint32_t id, unsigned direction) {
  ReorderBuffer& buffer = *buffers_[conversation.sides[direction].held];
  held_ -= buffer.cost();
  const ReorderBuffer::Segment segment = buffer.pop();
  held_ += buffer.cost();
  buffer.next += segment.wire;
  deliver(conversation, id, direction, segment.stamp.time, segment.view());
}

void TcpStreams::settle(uint32_t id) {
  while (drain(id, 0) | drain(id, 1)) continue;
  for (const unsigned direction : {0u, 1u})
    if (const uint32_t held = table_[id].sides[direction].held; held != kNobody)
      list(id, direction, *buffers_[held]);
}

void TcpStreams::give_way(uint32_t id, unsigned direction) {
  Conversation& conversation = table_[id];
  TcpSide& other = conversation.sides[1 - direction];
  ReorderBuffer& buffer = *buffers_[conversation.sides[direction].held];
  const Stamp stamp = buffer.front_stamp();

  if (const uint64_t hole = buffer.front() - buffer.next; hole > 0) {
    buffer.next += hole;
    gap(conversation, id, direction, stamp.time, static_cast<uint32_t>(hole));
  } else if (overtook(other, stamp)) {
    uint64_t missing = stamp.ack - other.next;
    if (other.held != kNobody) {
      ReorderBuffer& theirs = *buffers_[other.held];
      missing = std::min(missing, theirs.front() - theirs.next);
      theirs.next += missing;
    }
    if (missing > 0)
      gap(conversation, id, 1 - direction, stamp.time, static_cast<uint32_t>(missing));
    else
      deliver_front(conversation, id, direction);  // both wait for each other
  }
  settle(id);
}

void TcpStreams::give_way_of_other(Waiting waiting) {
  give_way(waiting.id, waiting.direction);
  const Conversation& conversation = table_[waiting.id];
  if (conversation.sides[0].finished && conversation.sides[1].finished) finished_.push_back(waiting.id);
}

bool TcpStreams::shed() {
  if (waiting_.empty()) return false;
  const uint64_t before = held_;
  give_way_of_other(*waiting_.begin());
  counters_.shed_bytes += before - held_;
  return true;
}

void TcpStreams::flush(uint32_t id) {
  const auto held = [&](unsigned direction) { return table_[id].sides[direction].held; };
  while (held(0) != kNobody || held(1) != kNobody) {
    unsigned first = held(0) == kNobody ? 1 : 0;
    if (held(0) != kNobody && held(1) != kNobody &&
        buffers_[held(1)]->front_stamp().arrival < buffers_[held(0)]->front_stamp().arrival)
      first = 1;
    give_way(id, first);
  }
}

void TcpStreams::list(uint32_t id, unsigned direction, ReorderBuffer& buffer) {
  const bool acknowledged = buffer.front() == buffer.next || buffer.acked >= buffer.front();
  const Time patience = acknowledged ? std::min(kAcknowledged, limits_.patience) : limits_.patience;
  const Time deadline = buffer.front_stamp().arrival + patience;
  if (deadline == buffer.deadline) return;
  waiting_.erase({buffer.deadline, id, direction});
  buffer.deadline = deadline;
  waiting_.insert({deadline, id, direction});
}

ReorderBuffer& TcpStreams::buffer_of(TcpSide& side) {
  if (side.held == kNobody) {
    if (free_.empty()) {
      free_.push_back(static_cast<uint32_t>(buffers_.size()));
      buffers_.emplace_back();
    }
    side.held = free_.back();
    free_.pop_back();
    buffers_[side.held] = std::make_unique<ReorderBuffer>();
  }
  return *buffers_[side.held];
}

void TcpStreams::drop_buffer(uint32_t id, unsigned direction) {
  TcpSide& side = table_[id].sides[direction];
  ReorderBuffer& buffer = *buffers_[side.held];
  held_ -= buffer.cost();
  waiting_.erase({buffer.deadline, id, direction});
  buffers_[side.held].reset();
  free_.push_back(side.held);
  side.held = kNobody;
}

}  // namespace packetbeat
