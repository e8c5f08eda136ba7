#include "reassembly/flow_key.h"

namespace packetbeat {
namespace {

// Copied from; see decode.cpp.
const FlowKey kEmptyKey{};

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
    if (int order =
            std::memcmp(packet.source[layer].bytes.data(), packet.destination[layer].bytes.data(), 16)) {
      return order;
    }
  }
  return packet.has_ports ? compare_ports(packet.source_port, packet.destination_port) : 0;
}

/// SplitMix64: spreads every bit of `value` over the whole word.
uint64_t spread(uint64_t value) {
  value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
  value = (value ^ value >> 27) * 0x94d049bb133111eb;
  return value ^ value >> 31;
}

}  // namespace

unsigned make_flow_key(const Packet& packet, std::optional<uint64_t> connection, FlowKey& key) {
  unsigned sender = compare_sides(packet) > 0;
  unsigned receiver = sender ^ 1;
  key = kEmptyKey;
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

FlowHash::FlowHash(uint64_t seed) {
  for (uint64_t& secret : secrets_) secret = spread(seed += 0x9e3779b97f4a7c15);
}

/// NH, the universal hash of UMAC (RFC 4418 §5.2.2): its multiplications do not wait for each other.
uint64_t FlowHash::operator()(const FlowKey& key) const {
  const auto* bytes = reinterpret_cast<const uint8_t*>(&key);
  uint64_t sum = 0;
  for (size_t i = 0; i < key.used() / 8; ++i) {
    uint64_t word;
    std::memcpy(&word, bytes + 8 * i, 8);
    auto low = static_cast<uint32_t>(word) + static_cast<uint32_t>(secrets_[i]);
    auto high = static_cast<uint32_t>(word >> 32) + static_cast<uint32_t>(secrets_[i] >> 32);
    sum += static_cast<uint64_t>(low) * high;
  }
  return spread(sum);
}

}  // namespace packetbeat
