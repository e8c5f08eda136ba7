// Puts IPv4 and IPv6 datagrams together again.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <unordered_map>
#include <vector>

#include "decode/fragment.h"

namespace packetbeat {

class IpFragments final : public Defragmenter {
 public:
  struct Counters {
    uint64_t reassembled = 0;  // datagrams completed
    uint64_t expired = 0;      // datagrams given up after `kExpiry`
    uint64_t evicted = 0;      // datagrams given up for want of room
    uint64_t invalid = 0;      // fragments that no datagram can have
    uint64_t duplicate = 0;    // fragments that brought nothing new
  };

  /// RFC 8200 §4.5 allows 60 s; Linux takes 30 s for IPv4, and hosts rarely answer later.
  static constexpr Time kExpiry = 30 * kSecond;

  /// Holds at most `limit` bytes; beyond that the datagram begun first goes.
  explicit IpFragments(uint64_t limit);
  ~IpFragments() override;

  /// Overlaps keep what came first; the datagram is returned with the fragment that completes it.
  Datagram add(const Fragment& fragment) override;
  /// Gives up what is older than `kExpiry` by the packet clock.
  void advance(Time now);
  /// Gives up the datagram begun first. False: there is none. For a budget shared with TCP.
  bool shed();

  uint64_t held_bytes() const { return held_; }
  const Counters& counters() const { return counters_; }
};

}  // namespace packetbeat
