#include "reassembly/flow_key.h"

namespace packetbeat {
namespace {

/// The order of upstream's flow ids: least significant byte first.
int compare_ports(uint16_t a, uint16_t b) {
  auto swapped = [](uint16_t port) { return static_cast<uint16_t>(port << 8 | port >> 8); };
  return swapped(a) - swapped(b);
}

/// Below 0: the sender is the low side.
int compare_sides(const Packet& packet) {
  if (packet.has_macs) {
    if (int order = std::memcmp(packet.source_mac.data(), packet.destination_mac.data(), 6)) return order;
  }
  for (size_t layer = 0; layer < packet.ip_layers; ++layer) {
    if (int order = std::memcmp(packet.source[layer].bytes.data(), packet.destination[layer].bytes.data(), 16)) {
      return order;
    }
  }
  return packet.has_ports ? compare_ports(packet.source_port, packet.destination_port) : 0;
}

uint64_t mix(uint64_t a, uint64_t b) {
  uint64_t product = (a ^ 0x9e3779b97f4a7c15) * (b | 1);
  return product ^ product >> 29 ^ a;
}

}  // namespace

unsigned make_flow_key(const Packet& packet, std::optional<uint64_t> connection, FlowKey& key) {
  unsigned sender = compare_sides(packet) > 0;
  unsigned receiver = sender ^ 1;
  key = FlowKey{};
  key.connection = connection.value_or(0);
  if (packet.has_macs) {
    key.has_macs = 1;
    key.mac[sender] = packet.source_mac;
    key.mac[receiver] = packet.destination_mac;
  }
  key.vlan = packet.vlan;
  key.vlan_tags = packet.vlan_tags;
  for (size_t layer = 0; layer < packet.ip_layers; ++layer) {
    key.version[layer] = packet.source[layer].version;
    key.ip[layer][sender] = packet.source[layer].bytes;
    key.ip[layer][receiver] = packet.destination[layer].bytes;
  }
  key.protocol = packet.protocol;
  if (packet.has_ports) {
    key.has_ports = 1;
    key.port[sender] = packet.source_port;
    key.port[receiver] = packet.destination_port;
  }
  return sender;
}

uint64_t hash(const FlowKey& key, uint64_t seed) {
  std::array<uint64_t, sizeof(FlowKey) / 8> words;
  std::memcpy(words.data(), &key, sizeof key);
  // Two chains, so that the multiplications overlap.
  uint64_t even = seed, odd = ~seed;
  size_t i = 0;
  for (; i + 1 < words.size(); i += 2) {
    even = mix(even + words[i], seed);
    odd = mix(odd + words[i + 1], seed);
  }
  if (i < words.size()) even = mix(even + words[i], seed);
  uint64_t sum = mix(even ^ (odd << 1), seed);
  return sum ^ sum >> 32;
}

}  // namespace packetbeat
