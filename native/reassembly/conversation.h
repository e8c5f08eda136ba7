// A conversation: a TCP connection, the datagrams between two UDP ports, or the ICMP messages of one kind
// between two hosts. Entries of a fixed size, because a busy server has a hundred thousand of them.
#pragma once

#include <array>
#include <cstdint>

#include "decode/packet.h"

namespace packetbeat {

/// "No entry", "no buffer", "no list".
constexpr uint32_t kNobody = 0xffff'ffff;

/// One direction of a TCP connection.
struct TcpSide {
  uint32_t next = 0;          // sequence number of the next byte to deliver
  uint32_t first = 0;         // sequence number of the first byte
  uint32_t held = kNobody;    // its ReorderBuffer, while something waits for its turn
  bool known : 1 = false;     // `next` means something
  bool syn : 1 = false;       // its SYN was seen, so `first` is exact
  bool begun : 1 = false;     // a byte was delivered
  bool finished : 1 = false;  // its FIN had its turn; takes a sequence number of its own

  /// The sequence number that the other side acknowledges when it has all that was delivered.
  uint32_t end() const { return next + (finished ? 1 : 0); }
};

/// The two ends of a packet or a conversation, and the protocol between them.
struct Endpoints {
  std::array<uint8_t, 16> source{}, destination{};
  uint16_t source_port = 0, destination_port = 0;  // ICMP: type and its counterpart, see icmp_pair.h
  uint8_t version = 0, protocol = 0;

  Endpoints reversed() const {
    return {destination, source, destination_port, source_port, version, protocol};
  }
};

struct Conversation {
  Endpoints ends;       // the source asks
  uint8_t watch = 0;    // index of the protocol
  bool over = false;    // its `close` is behind it; the entry only catches latecomers
  bool reset = false;   // it was a RST that ended it
  bool enough = false;  // its reader wants no more of its bytes

  uint32_t told = 0;  // number of its `open` row, from 1; 0: not written

  uint32_t hash = 0;
  uint32_t older = kNobody, newer = kNobody;  // neighbours in its IdleList
  Time last = 0;                              // packet clock of its last packet
  Time listed = 0;                            // packet clock of its place in the list
  uint64_t order = 0;                         // of opening, over all conversations
  uint64_t number = 0;                        // of opening, over TCP connections; from 1
  std::array<TcpSide, 2> sides{};             // of the source, of the destination
};
static_assert(sizeof(Conversation) <= 128, "100 000 of them are to stay cheap");

}  // namespace packetbeat
