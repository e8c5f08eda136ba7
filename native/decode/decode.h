// From a captured frame to a packet: link layer, tags, tunnels, IP and transport.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "capture/frame.h"
#include "decode/fragment.h"
#include "decode/packet.h"

namespace packetbeat {

/// How far decoding came. Whatever it is, the addresses read until then are in the packet and belong to a
/// flow.
enum class DecodeResult : uint8_t {
  Ok,           // down to a transport with ports, to ICMP, or to an IP protocol that has no ports
  Fragment,     // an IP fragment; its datagram is not complete
  NotIp,        // ARP, LLDP, …: nothing behind the link layer that could be decoded
  Truncated,    // a header ends beyond the captured bytes
  Malformed,    // a header contradicts itself, such as an IPv4 header shorter than 20 bytes
  TooDeep,      // more layers than `kMaxLayers`
  UnknownLink,  // a link type without a decoder
};

/// Names for JavaScript, by `DecodeResult`.
constexpr std::array<std::string_view, 7> kDecodeResultNames = {
    "decoded", "fragment", "notIp", "truncated", "malformed", "tooDeep", "unknownLink"};

/// Names of the counters, by `DecodeResult`.
constexpr std::array<std::string_view, 7> kDecodeCounters = {
    "decode.decoded",   "decode.fragments", "decode.not_ip",      "decode.truncated",
    "decode.malformed", "decode.too_deep",  "decode.unknown_link"};

/// Decodes `frame` into `packet`, which it overwrites. With `fragments`, a fragment that completes its
/// datagram is decoded as the whole datagram, whose payload then points into the fragment table. Reads
/// nothing beyond `frame.bytes`, allocates nothing. Any thread; `fragments` by one at a time.
DecodeResult decode(const Frame& frame, Packet& packet, Defragmenter* fragments = nullptr);

}  // namespace packetbeat
