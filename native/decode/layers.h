// What the decoders of the layers share. Only for decode/*.cpp.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "decode/decode.h"
#include "decode/packet.h"

namespace packetbeat::layers {

/// What is left of a frame: the bytes that were captured, and how many there were on the wire.
class View {
 public:
  View(std::span<const uint8_t> captured, size_t wire)
      : at_(captured.data()), captured_(captured.size()), wire_(std::max(wire, captured.size())) {}

  bool has(size_t bytes) const { return captured_ >= bytes; }
  // The caller has asked `has` for these.
  uint8_t u8(size_t offset) const { return at_[offset]; }
  uint16_t u16(size_t offset) const { return static_cast<uint16_t>(at_[offset] << 8 | at_[offset + 1]); }
  uint32_t u32(size_t offset) const {
    return static_cast<uint32_t>(u16(offset)) << 16 | static_cast<uint32_t>(u16(offset + 2));
  }
  const uint8_t* at(size_t offset) const { return at_ + offset; }
  void skip(size_t bytes) {
    at_ += bytes;
    captured_ -= bytes;
    wire_ -= bytes;
  }
  /// A header says how long the rest is: what follows is padding, what is missing was not captured.
  void limit(size_t bytes) {
    captured_ = std::min(captured_, bytes);
    wire_ = bytes;
  }

  std::span<const uint8_t> captured() const { return {at_, captured_}; }
  size_t wire() const { return wire_; }

 private:
  const uint8_t* at_;
  size_t captured_, wire_;
};

/// One frame on its way through the layers.
struct Walk {
  Packet& packet;
  Defragmenter* fragments;
  unsigned depth = 0;    // IP and Ethernet headers so far
  bool guessed = false;  // an MPLS payload was tried in two ways; once a frame, or the tries would multiply
};

/// IP and Ethernet headers in one frame. VXLAN in IPsec in GRE has six; more is an attack on the stack.
constexpr unsigned kMaxLayers = 8;

namespace ethertype {
constexpr uint16_t kIpv4 = 0x0800, kIpv6 = 0x86dd, kVlan = 0x8100, kVlanProvider = 0x88a8, kVlanOld = 0x9100,
                   kMpls = 0x8847, kMplsMulticast = 0x8848, kPppoe = 0x8864, kEthernet = 0x6558,
                   kErspan = 0x88be, kErspan3 = 0x22eb;
}

inline bool is_vlan(uint16_t type) {
  return type == ethertype::kVlan || type == ethertype::kVlanProvider || type == ethertype::kVlanOld;
}

inline Mac mac_at(const View& view, size_t offset) {
  Mac mac;
  std::copy_n(view.at(offset), mac.size(), mac.begin());
  return mac;
}

void add_vlan(Packet& packet, uint16_t tag_control);

// link.cpp
DecodeResult link(Walk& walk, View view, Link type);
DecodeResult ethernet(Walk& walk, View view);
DecodeResult by_ethertype(Walk& walk, View view, uint16_t type);

// encapsulation.cpp: what may stand between Ethernet and IP
DecodeResult mpls(Walk& walk, View view);
DecodeResult pppoe(Walk& walk, View view);
DecodeResult ppp(Walk& walk, View view);

// ip.cpp
DecodeResult ip(Walk& walk, View view);  // by its version
DecodeResult ipv4(Walk& walk, View view);
DecodeResult ipv6(Walk& walk, View view);
DecodeResult by_protocol(Walk& walk, View view, uint8_t protocol);

// transport.cpp
DecodeResult tcp(Walk& walk, View view);
DecodeResult udp(Walk& walk, View view);
DecodeResult icmp(Walk& walk, View view);
DecodeResult sctp(Walk& walk, View view);

// tunnel.cpp
using Layer = DecodeResult (*)(Walk& walk, View view);
/// Opens a tunnel with `inner`. When no IP header is found in it, the packet stays the tunnel's own.
DecodeResult open(Walk& walk, View view, Layer inner);
DecodeResult gre(Walk& walk, View view);
/// The tunnel that UDP datagrams to `port` carry, or null.
Layer udp_tunnel(uint16_t port);

}  // namespace packetbeat::layers
