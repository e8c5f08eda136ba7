// TCP (RFC 9293), UDP (RFC 768), ICMP (RFC 792, RFC 4443), SCTP (RFC 9260).
#include "decode/layers.h"

namespace packetbeat::layers {
namespace {

void ports(Packet& packet, const View& view) {
  packet.has_ports = true;
  packet.source_port = view.u16(0);
  packet.destination_port = view.u16(2);
}

void payload(Packet& packet, const View& view) {
  packet.payload = view.captured();
  packet.payload_wire_length = static_cast<uint32_t>(view.wire());
  packet.truncated = view.captured().size() < view.wire();
}

}  // namespace

DecodeResult tcp(Walk& walk, View view) {
  if (!view.has(20)) return DecodeResult::Truncated;
  Packet& packet = walk.packet;
  size_t header = (view.u8(12) >> 4) * 4u;
  if (header < 20 || header > view.wire()) return DecodeResult::Malformed;
  ports(packet, view);
  packet.sequence = view.u32(4);
  packet.acknowledgement = view.u32(8);
  packet.tcp_flags = view.u8(13);
  packet.window = view.u16(14);
  if (!view.has(header)) {
    // The snap length fell into the options: all that counts has been read, and nothing of the payload is
    // here.
    packet.payload_wire_length = static_cast<uint32_t>(view.wire() - header);
    packet.truncated = true;
    return DecodeResult::Truncated;
  }
  view.skip(header);
  payload(packet, view);
  return DecodeResult::Ok;
}

DecodeResult udp(Walk& walk, View view) {
  if (!view.has(8)) return DecodeResult::Truncated;
  Packet& packet = walk.packet;
  size_t length = view.u16(4);
  // 0: more than 65 535 bytes (RFC 2675 §4), or segmentation offload.
  if (length != 0 && length < 8) return DecodeResult::Malformed;
  ports(packet, view);
  view.skip(8);
  if (length != 0 && length - 8 < view.wire()) view.limit(length - 8);
  payload(packet, view);
  if (Layer inner = udp_tunnel(packet.destination_port)) [[unlikely]] {
    DecodeResult result = open(walk, view, inner);
    // A client may own that port by chance: what does not open is an ordinary datagram.
    if (packet.ip_layers > 1) return result;
  }
  return DecodeResult::Ok;
}

DecodeResult icmp(Walk& walk, View view) {
  if (!view.has(4)) return DecodeResult::Truncated;
  Packet& packet = walk.packet;
  packet.icmp_type = view.u8(0);
  packet.icmp_code = view.u8(1);
  if (view.has(6)) packet.icmp_id = view.u16(4);
  payload(packet, view);
  return DecodeResult::Ok;
}

DecodeResult sctp(Walk& walk, View view) {
  if (!view.has(12)) return DecodeResult::Truncated;
  ports(walk.packet, view);
  view.skip(12);
  payload(walk.packet, view);
  return DecodeResult::Ok;
}

}  // namespace packetbeat::layers
