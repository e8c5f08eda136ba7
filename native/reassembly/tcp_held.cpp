// Segments that wait: for the bytes before them, or for those their sender had seen.
#include <algorithm>

#include "reassembly/tcp_streams.h"

namespace packetbeat {

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
  for (bool more = true; more;) {
    more = drain(id, 0);
    if (drain(id, 1)) more = true;
  }
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
