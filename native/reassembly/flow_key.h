// What tells flows apart: every address seen in a packet, sorted so that both directions meet.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <type_traits>

#include "decode/packet.h"

namespace packetbeat {

/// The two sides are `low` (0) and `high` (1) by the outermost address in which they differ. Fixed size and
/// without gaps, so that it is hashed and compared as bytes; the inner IP layer, which few packets have,
/// comes last.
struct FlowKey {
  uint64_t connection;  // 0: none
  std::array<Mac, 2> mac;
  std::array<uint16_t, 2> port;
  std::array<uint16_t, 2> vlan;  // outermost first
  uint8_t vlan_tags;
  uint8_t protocol;
  uint8_t has_macs, has_ports;
  std::array<uint8_t, 2> version;  // by IP layer, outermost first; 0: no such layer
  std::array<uint8_t, 6> unused;
  std::array<std::array<std::array<uint8_t, 16>, 2>, 2> ip;  // by layer and side

  /// Bytes that can differ from 0.
  size_t used() const { return version[1] ? sizeof(FlowKey) : sizeof(FlowKey) - sizeof ip[1]; }
  friend bool operator==(const FlowKey& a, const FlowKey& b) {
    return a.version == b.version && std::memcmp(&a, &b, a.used()) == 0;
  }
  size_t ip_layers() const { return version[0] == 0 ? 0u : version[1] == 0 ? 1u : 2u; }
  Address address(size_t layer, size_t side) const { return {ip[layer][side], version[layer]}; }
};
static_assert(std::has_unique_object_representations_v<FlowKey> && sizeof(FlowKey) % 8 == 0);

/// Fills all of `key`. Returns the side that sent the packet: 0 low, 1 high.
unsigned make_flow_key(const Packet& packet, std::optional<uint64_t> connection, FlowKey& key);

/// Hashes keys. The seed is secret, so that nobody can send flows that all collide.
class FlowHash {
 public:
  explicit FlowHash(uint64_t seed);
  uint64_t operator()(const FlowKey& key) const;

 private:
  std::array<uint64_t, sizeof(FlowKey) / 8> secrets_;
};

}  // namespace packetbeat
