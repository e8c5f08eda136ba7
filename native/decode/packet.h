// What decoding a frame yields: addresses, ports and payload, as views into the frame.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <span>

#include "capture/frame.h"

namespace packetbeat {

/// An IPv4 address (in the first four bytes, the rest zero) or an IPv6 one.
struct Address {
  std::array<uint8_t, 16> bytes{};
  uint8_t version = 0;  // 4, 6, or 0 for none

  friend bool operator==(const Address&, const Address&) = default;
  /// Network byte order within a version; the order Community ID asks for.
  friend std::strong_ordering operator<=>(const Address&, const Address&) = default;
};

using Mac = std::array<uint8_t, 6>;

/// IANA protocol numbers that are told apart.
enum Protocol : uint8_t { kNone = 0, kIcmp = 1, kTcp = 6, kUdp = 17, kIcmp6 = 58, kSctp = 132 };

namespace tcp_flag {
constexpr uint8_t kFin = 1, kSyn = 2, kRst = 4, kPsh = 8, kAck = 16;
}

/// A decoded packet. Views point into the frame, or into the fragment table for a reassembled datagram.
struct Packet {
  Time time = 0;
  uint32_t wire_length = 0;  // of the whole frame
  bool truncated = false;    // the snap length cut the payload; `payload_wire_length` tells what it was

  bool has_macs = false;
  Mac source_mac{}, destination_mac{};
  uint8_t vlans = 0;  // how many of `vlan`, outermost first
  std::array<uint16_t, 2> vlan{};
  uint8_t vlan_tags = 0;  // how many the frame had; of more than two, `vlan` has the inmost two

  // Outermost IP header first; of a tunnel at most the two that flows tell apart, the last one inmost.
  uint8_t ip_layers = 0;
  std::array<Address, 2> source{}, destination{};
  bool fragment = false;  // a fragment that has not completed its datagram: no ports, no payload
  // Frames before this one that carried the same datagram in fragments: how many, and their bytes on the
  // wire.
  uint32_t earlier_frames = 0, earlier_bytes = 0;

  uint8_t protocol = kNone;  // of the inmost IP header: `Protocol`, or any other number
  bool has_ports = false;
  uint16_t source_port = 0, destination_port = 0;
  uint8_t icmp_type = 0, icmp_code = 0;
  uint16_t icmp_id = 0;

  uint32_t sequence = 0, acknowledgement = 0;
  uint16_t window = 0;
  uint8_t tcp_flags = 0;

  /// TCP and UDP: after their header. ICMP: from its type byte on. As the headers' lengths say, never
  /// Ethernet padding.
  std::span<const uint8_t> payload;
  uint32_t payload_wire_length = 0;

  /// Where the inmost IP header begins, and what it carries behind its extension headers; null when decoding
  /// did not come that far.
  const uint8_t* network = nullptr;
  const uint8_t* transport = nullptr;

  const Address& inner_source() const { return source[ip_layers ? ip_layers - 1 : 0]; }
  const Address& inner_destination() const { return destination[ip_layers ? ip_layers - 1 : 0]; }
};

}  // namespace packetbeat
