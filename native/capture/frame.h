// One captured frame, as every source hands it on.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace packetbeat {

/// Nanoseconds since the Unix epoch, by the packet clock.
using Time = int64_t;

constexpr Time kSecond = 1'000'000'000;

/// LINKTYPE_ values of capture files (tcpdump.org/linktypes.html) that `decode` understands.
enum class Link : uint16_t {
  Null = 0,
  Ethernet = 1,
  Ppp = 9,
  RawOld = 12,      // DLT_RAW as Linux writes it
  RawOpenBsd = 14,  // DLT_RAW as OpenBSD writes it
  PppSerial = 50,
  Raw = 101,
  Loop = 108,
  Sll = 113,
  Ipv4 = 228,
  Ipv6 = 229,
  Sll2 = 276,
};

/// A frame as captured. `bytes` is on loan until the source's next call.
struct Frame {
  Time time = 0;
  Link link = Link::Ethernet;
  uint32_t wire_length =
      0;  // bytes on the wire, `vlan` included; `bytes` is shorter when the snap length cut it
  std::span<const uint8_t> bytes;
  std::optional<uint16_t> vlan;     // tag control information that the kernel took out of the frame
  uint16_t vlan_protocol = 0x8100;  // EtherType of that tag
  uint32_t tap = 0;  // which of several devices showed it, and on which way; 0: there is one only
};

/// `Frame::tap` of a device, by its number: what leaves and what comes pass different ones.
constexpr uint32_t make_tap(uint32_t device, bool leaves) {
  return device << 2 | (leaves ? 2 : 0) | 1;
}

}  // namespace packetbeat
