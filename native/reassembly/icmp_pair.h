// Which ICMP message answers which.
#pragma once

#include <cstdint>

#include "decode/packet.h"

namespace packetbeat {

/// What stands in for ports: the request's type and its answer's, or type and code of a message that has no
/// answer.
struct IcmpPair {
  uint16_t source = 0, destination = 0;  // as seen from the packet's sender
  bool reply = false;                    // the packet is the answer; who asked is its receiver
};

inline IcmpPair icmp_pair(uint8_t protocol, uint8_t type, uint8_t code) {
  struct Kinds {
    uint8_t protocol, request, reply;
  };
  // The pairs of the Community ID specification, which names the two sides of a pair alike.
  static constexpr Kinds kPairs[] = {
      {kIcmp, 8, 0},       // echo
      {kIcmp, 13, 14},     // timestamp
      {kIcmp, 15, 16},     // information
      {kIcmp, 10, 9},      // router solicitation
      {kIcmp, 17, 18},     // address mask
      {kIcmp6, 128, 129},  // echo
      {kIcmp6, 133, 134},  // router solicitation
      {kIcmp6, 135, 136},  // neighbour solicitation
      {kIcmp6, 130, 131},  // multicast listener query
      {kIcmp6, 144, 145},  // home agent address discovery
  };
  for (const auto& pair : kPairs)
    if (pair.protocol == protocol) {
      if (type == pair.request) return {pair.request, pair.reply, false};
      if (type == pair.reply) return {pair.reply, pair.request, true};
    }
  return {type, code, false};
}

}  // namespace packetbeat
