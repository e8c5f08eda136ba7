// Puts IPv4 and IPv6 datagrams together again.
#pragma once

#include <cstdint>
#include <list>
#include <unordered_map>
#include <vector>

#include "decode/fragment.h"

namespace packetbeat {

/// One thread. Datagrams lie in the order they began, which is the order they are given up in.
class IpFragments final : public Defragmenter {
 public:
  struct Counters {
    uint64_t reassembled = 0;  // datagrams completed
    uint64_t expired = 0;      // datagrams given up after `kExpiry`
    uint64_t evicted = 0;      // datagrams given up for want of room
    uint64_t invalid = 0;      // fragments that no datagram can have
    uint64_t duplicate = 0;    // fragments that brought nothing new
  };

  /// RFC 8200 §4.5 allows 60 s; Linux gives IPv4 30 s, and a sender has long repeated itself by then.
  static constexpr Time kExpiry = 30 * kSecond;
  /// Datagrams at once. Each wants a place in the table, so the bytes alone would not bound it.
  static constexpr size_t kMaxDatagrams = 4096;
  /// Parts of one datagram: 65 535 bytes cut for the smallest IPv4 MTU in use (576) are 119.
  static constexpr size_t kMaxParts = 512;
  static constexpr uint32_t kMaxLength = 65'535;

  /// Holds at most `limit` bytes; beyond that the datagram begun first goes.
  explicit IpFragments(uint64_t limit) : limit_(limit) {}

  /// Of overlapping bytes the first stay. With the fragment that completes a datagram it returns the
  /// datagram.
  Datagram add(const Fragment& fragment) override;
  /// Gives up what is older than `kExpiry` by the packet clock.
  void advance(Time now);
  /// Gives up the datagram begun first; false when there is none. For a budget shared with TCP.
  bool shed();

  uint64_t held_bytes() const { return held_; }
  const Counters& counters() const { return counters_; }

 private:
  struct Key {
    Address source, destination;
    uint32_t id, context;
    uint8_t protocol;
    bool operator==(const Key&) const = default;
  };
  struct Hash {
    size_t operator()(const Key& key) const;
  };
  struct Part {
    uint32_t offset, length;
    size_t at;  // in `bytes`
  };
  struct Pending {
    Key key;
    Time begun;
    uint8_t protocol;    // of the first fragment, which alone counts (RFC 8200 §4.5)
    uint32_t total = 0;  // 0: the last fragment has not come
    uint32_t received = 0, frames = 0, frame_bytes = 0;
    std::vector<Part> parts;     // by offset, disjoint
    std::vector<uint8_t> bytes;  // in the order they came
    uint64_t cost = 0;
  };
  using Place = std::list<Pending>::iterator;

  Place find_or_begin(const Fragment& fragment);
  static bool fits(const Pending& pending, const Fragment& fragment);
  static bool take(Pending& pending, const Fragment& fragment);
  void account(Pending& pending);
  Datagram finish(Place place);
  void remove(Place place);

  uint64_t limit_, held_ = 0;
  std::list<Pending> pending_;
  std::unordered_map<Key, Place, Hash> places_;
  // Two, because the bytes of a fragment in a tunnel may lie in the datagram returned before.
  std::vector<uint8_t> done_[2];
  unsigned turn_ = 0;
  Counters counters_;
};

}  // namespace packetbeat
