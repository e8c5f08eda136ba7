// How well a TCP connection does, judged from its headers alone.
#pragma once

#include <array>
#include <cstdint>

#include "decode/packet.h"

namespace packetbeat {

/// Kept inside a flow, by side of its key. Plain data: 0 is the state of a flow that has seen nothing.
struct TcpHealth {
  struct Side {
    uint32_t retransmissions, out_of_order, zero_windows;
    uint32_t next;                  // expected sequence number, when `seen`
    uint32_t hole_begin, hole_end;  // the last gap that no later segment has filled; empty when equal
    Time hole_time;
    uint8_t seen, fin;
  };

  std::array<Side, 2> side;
  Time syn_time;      // of the first SYN, 0 for none
  int64_t handshake;  // nanoseconds, 0 for not seen
  uint32_t syn_sequence, syn_ack_sequence;
  uint32_t resets;
  uint8_t syn_seen, syn_side;
  uint8_t stage;  // 1 SYN, 2 SYN-ACK, 3 done or past

  /// Takes a packet that `sender` sent.
  void add(const Packet& packet, unsigned sender);
  /// Both sides have sent FIN, or one RST.
  bool closed() const { return resets != 0 || (side[0].fin && side[1].fin); }
  /// A SYN that cannot belong to what was seen: the same ports serve a new connection.
  bool begins_anew(const Packet& packet) const;
  /// Counts from here on; what describes the connection stays.
  void restart_counts();

 private:
  void follow_handshake(const Packet& packet, unsigned sender);
};

}  // namespace packetbeat
