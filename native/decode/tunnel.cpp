// Tunnels: GRE (RFC 2784, RFC 2890, RFC 2637), ERSPAN (draft-foschiano-erspan), VXLAN (RFC 7348), Geneve (RFC
// 8926).
#include "decode/layers.h"

namespace packetbeat::layers {
namespace {

constexpr uint16_t kVxlanPort = 4789, kGenevePort = 6081;

constexpr uint16_t kGreChecksum = 0x8000, kGreRouting = 0x4000, kGreKey = 0x2000, kGreSequence = 0x1000,
                   kGreAcknowledgement = 0x0080, kGreVersion = 0x0007, kPpp = 0x880b;

DecodeResult erspan(Walk& walk, View view, uint16_t type, bool sequenced) {
  // Type I has neither a sequence number nor a header of its own; type II has 8 bytes, type III 12 and, by
  // its lowest bit, 8 more.
  size_t header = 0;
  if (type == ethertype::kErspan) {
    header = sequenced ? 8 : 0;
  } else {
    if (!view.has(12)) return DecodeResult::Truncated;
    header = view.u8(11) & 1 ? 20 : 12;
  }
  if (!view.has(header)) return DecodeResult::Truncated;
  view.skip(header);
  return ethernet(walk, view);
}

DecodeResult vxlan(Walk& walk, View view) {
  if (!view.has(8)) return DecodeResult::Truncated;
  constexpr uint8_t kValidNetwork = 0x08;
  if (!(view.u8(0) & kValidNetwork)) return DecodeResult::Malformed;
  view.skip(8);
  return ethernet(walk, view);
}

DecodeResult geneve(Walk& walk, View view) {
  if (!view.has(8)) return DecodeResult::Truncated;
  if (view.u8(0) >> 6 != 0) return DecodeResult::Malformed;
  size_t header = 8 + (view.u8(0) & 0x3fu) * 4;
  uint16_t type = view.u16(2);
  if (!view.has(header)) return DecodeResult::Truncated;
  view.skip(header);
  return by_ethertype(walk, view, type);
}

}  // namespace

DecodeResult open(Walk& walk, View view, Layer inner) {
  Packet& packet = walk.packet;
  Packet outer = packet;
  unsigned depth = walk.depth;
  uint8_t kept = outer.ip_layers ? 1 : 0;
  packet.ip_layers = kept;
  packet.has_ports = packet.truncated = false;
  packet.source_port = packet.destination_port = 0;
  packet.payload = {};
  packet.payload_wire_length = 0;
  DecodeResult result = inner(walk, view);
  if (packet.ip_layers > kept) return result;
  packet = outer;
  walk.depth = depth;
  // Anything may travel in a tunnel; the packet is then the tunnel's.
  return result == DecodeResult::NotIp && kept ? DecodeResult::Ok : result;
}

DecodeResult gre(Walk& walk, View view) {
  if (!view.has(4)) return DecodeResult::Truncated;
  uint16_t flags = view.u16(0), type = view.u16(2);
  if ((flags & kGreVersion) > 1 || (flags & kGreRouting)) return DecodeResult::Malformed;
  size_t header = 4;
  if (flags & kGreChecksum) header += 4;
  if (flags & kGreKey) header += 4;
  if (flags & kGreSequence) header += 4;
  if ((flags & kGreVersion) == 1 && (flags & kGreAcknowledgement)) header += 4;
  if (!view.has(header)) return DecodeResult::Truncated;
  view.skip(header);
  switch (type) {
    case ethertype::kErspan:
    case ethertype::kErspan3:
      return erspan(walk, view, type, (flags & kGreSequence) != 0);
    case kPpp:
      return ppp(walk, view);
    default:
      return by_ethertype(walk, view, type);
  }
}

Layer udp_tunnel(uint16_t port) {
  switch (port) {
    case kVxlanPort:
      return vxlan;
    case kGenevePort:
      return geneve;
    default:
      return nullptr;
  }
}

}  // namespace packetbeat::layers
