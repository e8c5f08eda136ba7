// IPv4 (RFC 791) and IPv6 (RFC 8200) with its extension headers.
#include "decode/layers.h"

namespace packetbeat::layers {
namespace {

// IANA protocol numbers of what is passed through on the way to a transport.
constexpr uint8_t kHopByHop = 0, kIpv4InIp = 4, kIpv6InIp = 41, kRouting = 43, kFragmentHeader = 44,
                  kGre = 47, kAuthentication = 51, kDestinationOptions = 60, kEtherIp = 97, kMobility = 135,
                  kHostIdentity = 139, kShim6 = 140, kMplsInIp = 137;

/// Notes where a header is, and its addresses: the outermost stay, of the inner ones the last.
void add_header(Packet& packet, uint8_t version, const uint8_t* header, size_t addresses) {
  packet.network = header;
  packet.transport = nullptr;
  size_t layer = packet.ip_layers ? 1 : 0;
  packet.ip_layers = static_cast<uint8_t>(layer + 1);
  size_t bytes = version == 4 ? 4 : 16;
  packet.source[layer] = packet.destination[layer] = Address{};
  packet.source[layer].version = packet.destination[layer].version = version;
  std::memcpy(packet.source[layer].bytes.data(), header + addresses, bytes);
  std::memcpy(packet.destination[layer].bytes.data(), header + addresses + bytes, bytes);
}

struct FragmentField {
  uint32_t id;
  uint32_t offset;
  bool more;
};

/// Hands a fragment to the table; decodes the datagram when it is complete.
DecodeResult fragment(Walk& walk, View view, uint8_t protocol, FragmentField field) {
  Packet& packet = walk.packet;
  packet.protocol = protocol;
  packet.fragment = true;
  if (view.captured().size() < view.wire()) return DecodeResult::Truncated;
  if (!walk.fragments) return DecodeResult::Fragment;
  auto context = static_cast<uint32_t>(packet.vlan[0] << 16 | packet.vlan[1]);
  Datagram whole =
      walk.fragments->add({packet.time, packet.inner_source(), packet.inner_destination(), field.id, context,
                           protocol, field.offset, field.more, packet.wire_length, view.captured()});
  if (whole.bytes.empty()) return DecodeResult::Fragment;
  packet.fragment = false;
  packet.earlier_frames += whole.earlier_frames;
  packet.earlier_bytes += whole.earlier_bytes;
  return by_protocol(walk, View(whole.bytes, whole.bytes.size()), whole.protocol);
}

/// RFC 4302 §2: a header that only authenticates what follows. RFC 8200 §4: the others count in units of 8
/// bytes.
size_t extension_length(const View& view, uint8_t header) {
  size_t units = view.u8(1);
  return header == kAuthentication ? (units + 2) * 4 : (units + 1) * 8;
}

bool is_extension(uint8_t header) {
  return header == kHopByHop || header == kRouting || header == kDestinationOptions ||
         header == kAuthentication || header == kMobility || header == kHostIdentity || header == kShim6;
}

/// RFC 3378: two bytes, the version 3 in the upper four bits.
DecodeResult etherip(Walk& walk, View view) {
  if (!view.has(2)) return DecodeResult::Truncated;
  if (view.u8(0) != 0x30) return DecodeResult::Malformed;
  view.skip(2);
  return ethernet(walk, view);
}

}  // namespace

DecodeResult ip(Walk& walk, View view) {
  if (!view.has(1)) return DecodeResult::Truncated;
  switch (view.u8(0) >> 4) {
    case 4:
      return ipv4(walk, view);
    case 6:
      return ipv6(walk, view);
    default:
      return DecodeResult::Malformed;
  }
}

DecodeResult ipv4(Walk& walk, View view) {
  if (++walk.depth > kMaxLayers) return DecodeResult::TooDeep;
  if (!view.has(20)) return DecodeResult::Truncated;
  size_t header = (view.u8(0) & 15u) * 4;
  size_t total = view.u16(2);
  // Segmentation offload leaves the length to the device, so a sender's own capture shows 0.
  if (total == 0) total = view.wire();
  if (view.u8(0) >> 4 != 4 || header < 20 || total < header) return DecodeResult::Malformed;
  add_header(walk.packet, 4, view.at(0), 12);
  uint16_t identification = view.u16(4), flags = view.u16(6);
  uint8_t protocol = view.u8(9);
  walk.packet.protocol = protocol;
  view.limit(total);
  if (!view.has(header)) return DecodeResult::Truncated;
  view.skip(header);

  constexpr uint16_t kMoreFragments = 0x2000, kOffset = 0x1fff;
  if ((flags & (kMoreFragments | kOffset)) != 0) [[unlikely]] {
    return fragment(walk, view, protocol,
                    {identification, (flags & kOffset) * 8u, (flags & kMoreFragments) != 0});
  }
  return by_protocol(walk, view, protocol);
}

DecodeResult ipv6(Walk& walk, View view) {
  if (++walk.depth > kMaxLayers) return DecodeResult::TooDeep;
  if (!view.has(40)) return DecodeResult::Truncated;
  if (view.u8(0) >> 4 != 6) return DecodeResult::Malformed;
  add_header(walk.packet, 6, view.at(0), 8);
  size_t length = view.u16(4);
  uint8_t next = view.u8(6);
  view.skip(40);
  // 0: a jumbogram (RFC 2675) or segmentation offload.
  if (length != 0) view.limit(length);
  return by_protocol(walk, view, next);
}

DecodeResult by_protocol(Walk& walk, View view, uint8_t protocol) {
  Packet& packet = walk.packet;
  bool version6 = packet.inner_source().version == 6;
  while (version6 ? is_extension(protocol) || protocol == kFragmentHeader : protocol == kAuthentication) {
    packet.protocol = protocol;
    if (!view.has(8)) return DecodeResult::Truncated;
    uint8_t header = protocol;
    protocol = view.u8(0);
    if (header == kFragmentHeader) {
      uint16_t field = view.u16(2);
      uint32_t id = view.u32(4);
      view.skip(8);
      // RFC 6946: a fragment that is the whole datagram is taken for itself.
      if ((field & 0xfff9) == 0) continue;
      return fragment(walk, view, protocol, {id, field & 0xfff8u, (field & 1) != 0});
    }
    size_t length = extension_length(view, header);
    if (!view.has(length)) return DecodeResult::Truncated;
    view.skip(length);
  }
  packet.protocol = protocol;
  packet.transport = view.at(0);
  switch (protocol) {
    case kTcp:
      return tcp(walk, view);
    case kUdp:
      return udp(walk, view);
    case kIcmp:
    case kIcmp6:
      return icmp(walk, view);
    case kSctp:
      return sctp(walk, view);
    case kIpv4InIp:
      return open(walk, view, ipv4);
    case kIpv6InIp:
      return open(walk, view, ipv6);
    case kGre:
      return open(walk, view, gre);
    case kEtherIp:
      return open(walk, view, etherip);
    case kMplsInIp:
      return open(walk, view, mpls);
    default:
      return DecodeResult::Ok;
  }
}

}  // namespace packetbeat::layers
