// A captured packet as the payload of a row: where its headers are, then its bytes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "capture/batch_pool.h"
#include "capture/frame.h"
#include "capture/vlan_tag.h"
#include "decode/decode.h"

namespace packetbeat {

/// Words before the bytes of a packet, in host byte order: where each begins, counted from the first byte of
/// the packet, or `kNowhere`.
constexpr std::array<std::string_view, 4> kPacketColumnNames = {"network", "transport", "payload",
                                                                "payloadEnd"};
constexpr uint32_t kNowhere = 0xffffffff;

/// Bytes of the longest packet that a batch holds.
constexpr size_t longest_packet(const BatchGeometry& geometry) {
  return geometry.payload - kPacketColumnNames.size() * sizeof(uint32_t) - VlanTag::kLength;
}

/// Appends a row with `frame`, of at most `longest_packet` bytes and decoded as `packet` without a
/// defragmenter. A tag that the kernel took out of the frame is put back, as it was on the wire.
void write_packet(const Frame& frame, const Packet& packet, DecodeResult result, BatchPool& pool);

}  // namespace packetbeat
