// Builds frames layer by layer, from the inside out: ethernet(0x0800, ipv4("10.0.0.1", "10.0.0.2", 17,
// udp(…))).
#pragma once

#include <cstdint>
#include <cstdio>
#include <string_view>
#include <vector>

#include "decode/packet.h"

namespace packetbeat::build {

using Bytes = std::vector<uint8_t>;

inline Bytes text(std::string_view characters) {
  return Bytes(characters.begin(), characters.end());
}
inline Bytes zeros(size_t count) {
  return Bytes(count);
}

inline Bytes operator+(Bytes first, const Bytes& second) {
  // One by one: GCC 12 takes the copy of a range for an overflow.
  for (uint8_t byte : second) first.push_back(byte);
  return first;
}

/// `value` in network byte order, in `bytes` bytes.
inline Bytes big(uint64_t value, size_t bytes) {
  Bytes out;
  for (size_t i = bytes; i > 0; --i) out.push_back(static_cast<uint8_t>(value >> (8 * (i - 1))));
  return out;
}
inline Bytes u8(uint64_t value) {
  return big(value, 1);
}
inline Bytes u16(uint64_t value) {
  return big(value, 2);
}
inline Bytes u32(uint64_t value) {
  return big(value, 4);
}

/// "10.0.0.1" or, for IPv6, the last byte of 2001:db8::.
inline Address ip4(const char* dotted) {
  unsigned a = 0, b = 0, c = 0, d = 0;
  std::sscanf(dotted, "%u.%u.%u.%u", &a, &b, &c, &d);
  Address address{{}, 4};
  address.bytes = {static_cast<uint8_t>(a), static_cast<uint8_t>(b), static_cast<uint8_t>(c),
                   static_cast<uint8_t>(d)};
  return address;
}
inline Address ip6(uint8_t last) {
  Address address{{0x20, 0x01, 0x0d, 0xb8}, 6};
  address.bytes[15] = last;
  return address;
}
inline Bytes raw(const Address& address) {
  return Bytes(address.bytes.begin(), address.bytes.begin() + (address.version == 4 ? 4 : 16));
}

constexpr Mac kMacA = {2, 0, 0, 0, 0, 0x0a}, kMacB = {2, 0, 0, 0, 0, 0x0b};

inline Bytes ethernet(uint16_t type, const Bytes& payload, Mac source = kMacA, Mac destination = kMacB) {
  return Bytes(destination.begin(), destination.end()) + Bytes(source.begin(), source.end()) + u16(type) +
         payload;
}
/// What follows the EtherType of a tag.
inline Bytes vlan(uint16_t id, uint16_t type, const Bytes& payload) {
  return u16(0xe000u | id) + u16(type) + payload;
}

struct Ipv4 {
  uint16_t id = 1;
  uint16_t fragment = 0;  // flags and offset, as on the wire
  Bytes options{};
  int total_length = -1;
};
inline Bytes ipv4(const char* source, const char* destination, uint8_t protocol, const Bytes& payload,
                  Ipv4 o = {}) {
  size_t header = 20 + o.options.size();
  size_t total = o.total_length < 0 ? header + payload.size() : static_cast<size_t>(o.total_length);
  return u8(0x40 | header / 4) + u8(0) + u16(total) + u16(o.id) + u16(o.fragment) + u8(64) + u8(protocol) +
         u16(0) + raw(ip4(source)) + raw(ip4(destination)) + o.options + payload;
}
inline Bytes ipv6(uint8_t source, uint8_t destination, uint8_t next, const Bytes& payload) {
  return u32(0x60000000) + u16(payload.size()) + u8(next) + u8(64) + raw(ip6(source)) +
         raw(ip6(destination)) + payload;
}
/// A hop-by-hop, routing or destination header of 8 bytes.
inline Bytes extension(uint8_t next, const Bytes& payload) {
  return u8(next) + zeros(7) + payload;
}
inline Bytes fragment6(uint8_t next, uint16_t offset, bool more, uint32_t id, const Bytes& payload) {
  return u8(next) + u8(0) + u16(offset | (more ? 1u : 0u)) + u32(id) + payload;
}

inline Bytes udp(uint16_t source, uint16_t destination, const Bytes& payload) {
  return u16(source) + u16(destination) + u16(8 + payload.size()) + u16(0) + payload;
}

struct Tcp {
  uint32_t sequence = 1, acknowledgement = 0;
  uint8_t flags = tcp_flag::kAck;
  uint16_t window = 1000;
  Bytes options{};
};
inline Bytes tcp(uint16_t source, uint16_t destination, const Bytes& payload, Tcp o = {}) {
  return u16(source) + u16(destination) + u32(o.sequence) + u32(o.acknowledgement) +
         u8((20 + o.options.size()) / 4 << 4) + u8(o.flags) + u16(o.window) + u32(0) + o.options + payload;
}
inline Bytes icmp(uint8_t type, uint8_t code, uint16_t id, const Bytes& payload = {}) {
  return u8(type) + u8(code) + u16(0) + u16(id) + u16(1) + payload;
}

inline Frame frame(const Bytes& bytes, Link link = Link::Ethernet, Time time = 0) {
  return {time, link, static_cast<uint32_t>(bytes.size()), bytes, {}};
}

}  // namespace packetbeat::build
