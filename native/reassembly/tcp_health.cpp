#include "reassembly/tcp_health.h"

#include <algorithm>

namespace packetbeat {
namespace {

/// A segment that fills a hole that soon was overtaken on its way; later, it was sent again. Without a
/// handshake to measure the path by, 3 ms are less than a sender needs to notice a loss, and more than
/// routers reorder by.
constexpr int64_t kReorderTime = 3'000'000;

int32_t distance(uint32_t from, uint32_t to) {
  return static_cast<int32_t>(to - from);
}

}  // namespace

void TcpHealth::add(const Packet& packet, unsigned sender) {
  Side& from = side[sender];
  bool syn = packet.tcp_flags & tcp_flag::kSyn, fin = packet.tcp_flags & tcp_flag::kFin;
  if (packet.tcp_flags & tcp_flag::kRst) {
    ++resets;
    return;
  }
  follow_handshake(packet, sender);
  if (packet.window == 0 && !syn && !fin) ++from.zero_windows;
  uint32_t length = packet.payload_wire_length + (syn ? 1 : 0) + (fin ? 1 : 0);
  if (fin) from.fin = 1;
  uint32_t begin = packet.sequence, end = begin + length;
  if (!from.seen) {
    from.seen = 1;
    from.next = end;
    return;
  }
  if (length == 0) return;
  int32_t ahead = distance(from.next, begin);
  if (ahead == 0) {
    from.next = end;
  } else if (ahead > 0) {
    from.hole_begin = from.next;
    from.hole_end = begin;
    from.hole_time = packet.time;
    from.next = end;
  } else if (from.hole_begin != from.hole_end && distance(from.hole_begin, begin) >= 0 &&
             distance(begin, from.hole_end) > 0) {
    int64_t soon = std::max(handshake, kReorderTime);
    ++(packet.time - from.hole_time <= soon ? from.out_of_order : from.retransmissions);
    from.hole_begin = distance(end, from.hole_end) > 0 ? end : from.hole_end;
  } else if (ahead != -1 || length != 1 || syn || fin) {
    // One byte before the expected one is a keep-alive (RFC 9293 §3.8.4).
    ++from.retransmissions;
    if (distance(from.next, end) > 0) from.next = end;
  }
}

void TcpHealth::follow_handshake(const Packet& packet, unsigned sender) {
  if (stage == 3) return;
  bool syn = packet.tcp_flags & tcp_flag::kSyn, ack = packet.tcp_flags & tcp_flag::kAck;
  if (stage == 0 && syn && !ack) {
    syn_sequence = packet.sequence;
    syn_side = static_cast<uint8_t>(sender);
    syn_time = packet.time;
    syn_seen = 1;
    stage = 1;
  } else if (stage != 0 && sender == syn_side && syn) {
    // The SYN again; the connection began with the first.
  } else if (stage == 1 && sender != syn_side && syn && packet.acknowledgement == syn_sequence + 1) {
    syn_ack_sequence = packet.sequence;
    stage = 2;
  } else if (stage == 2 && sender == syn_side && packet.acknowledgement == syn_ack_sequence + 1) {
    handshake = std::max<int64_t>(packet.time - syn_time, 1);
    stage = 3;
  } else if (!syn) {
    stage = 3;  // joined later, or packets are missing
  }
}

bool TcpHealth::begins_anew(const Packet& packet) const {
  if ((packet.tcp_flags & (tcp_flag::kSyn | tcp_flag::kAck)) != tcp_flag::kSyn) return false;
  // The same SYN is a copy that was captured late.
  if (syn_seen && packet.sequence == syn_sequence) return false;
  return closed() || side[0].fin || side[1].fin;
}

void TcpHealth::restart_counts() {
  for (Side& each : side) each.retransmissions = each.out_of_order = each.zero_windows = 0;
}

}  // namespace packetbeat
