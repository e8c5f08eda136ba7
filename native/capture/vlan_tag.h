// The VLAN tag that the kernel took out of a frame, as it was on the wire (IEEE 802.1Q §9.3).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "capture/frame.h"

namespace packetbeat {

/// Bytes before the EtherType of an Ethernet frame, where a tag goes.
constexpr size_t kMacs = 12;

struct VlanTag {
  static constexpr size_t kLength = 4;

  explicit VlanTag(const Frame& frame) {
    if (!frame.vlan || frame.link != Link::Ethernet || frame.bytes.size() < kMacs) return;
    bytes = {static_cast<uint8_t>(frame.vlan_protocol >> 8), static_cast<uint8_t>(frame.vlan_protocol),
             static_cast<uint8_t>(*frame.vlan >> 8), static_cast<uint8_t>(*frame.vlan)};
    size = kLength;
  }

  std::array<uint8_t, kLength> bytes{};
  /// 0: there is none.
  size_t size = 0;
};

}  // namespace packetbeat
