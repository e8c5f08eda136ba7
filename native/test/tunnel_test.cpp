// What is found inside tunnels, and what becomes of those that cannot be opened.
#include "check.h"
#include "decode/decode.h"
#include "frame_builder.h"

using namespace packetbeat;
using namespace packetbeat::build;

namespace {

const Bytes kInner4 = ipv4("10.20.0.5", "10.20.0.80", 17, udp(55000, 53, text("query")));
const Bytes kInner6 = ipv6(5, 80, 17, udp(55000, 53, text("query")));
const Bytes kInnerFrame = ethernet(0x8100, vlan(9, 0x0800, kInner4), kMacB, kMacB);

/// The packet's views stay valid until the next call.
Packet decoded(Bytes bytes, DecodeResult expected = DecodeResult::Ok) {
  static Bytes kept;
  kept = std::move(bytes);
  Packet packet;
  CHECK(decode(frame(kept), packet) == expected);
  return packet;
}

Bytes outer(uint8_t protocol, const Bytes& payload) {
  return ethernet(0x0800, ipv4("192.0.2.1", "198.51.100.1", protocol, payload));
}

void opened(const Bytes& bytes, uint8_t inner_version = 4) {
  Packet packet = decoded(bytes);
  CHECK(packet.ip_layers == 2 && packet.source[0] == ip4("192.0.2.1"));
  CHECK(packet.inner_source() == (inner_version == 4 ? ip4("10.20.0.5") : ip6(5)));
  CHECK(packet.source_port == 55000 && packet.destination_port == 53 && packet.payload.size() == 5);
  CHECK(packet.source_mac == kMacA && packet.vlans == 0);  // of this wire, not of the one in the tunnel
}

void tunnels() {
  opened(outer(4, kInner4));
  opened(outer(41, kInner6), 6);
  opened(outer(47, u16(0) + u16(0x0800) + kInner4));
  opened(outer(47, u16(0xb000) + u16(0x86dd) + zeros(12) + kInner6), 6);  // checksum, key, sequence
  opened(outer(47, u16(0x3081) + u16(0x880b) + zeros(12) + u32(0xff030021) + kInner4));  // PPTP
  opened(outer(47, u16(0) + u16(0x6558) + kInnerFrame));
  opened(outer(47, u16(0) + u16(0x88be) + kInnerFrame));                   // ERSPAN I
  opened(outer(47, u16(0x1000) + u16(0x88be) + zeros(12) + kInnerFrame));  // ERSPAN II
  opened(outer(47, u16(0x1000) + u16(0x22eb) + zeros(16) + kInnerFrame));  // ERSPAN III
  opened(outer(47, u16(0x1000) + u16(0x22eb) + zeros(15) + u8(1) + zeros(8) + kInnerFrame));
  opened(outer(17, udp(40000, 4789, u32(0x08000000) + u32(7 << 8) + kInnerFrame)));
  opened(outer(17, udp(40000, 6081, u32(0x02006558) + u32(7 << 8) + zeros(8) + kInnerFrame)));
  opened(outer(97, u16(0x3000) + kInnerFrame));
  opened(outer(137, u32(0x00064140) + kInner4));

  // Of three layers the middle one is left out.
  opened(outer(4, ipv4("172.16.0.1", "172.16.0.2", 4, kInner4)));
}

void mpls_and_pppoe() {
  for (const Bytes& payload : {kInner4, kInnerFrame, zeros(4) + kInnerFrame}) {
    Packet packet = decoded(ethernet(0x8847, u32(0x00064040) + u32(0x00065140) + payload));
    CHECK(packet.ip_layers == 1 && packet.source[0] == ip4("10.20.0.5") && packet.source_mac == kMacA);
  }
  // A pseudowire without a control word whose first address looks like an IP version.
  Bytes like_ip = ethernet(0x0800, kInner4, kMacB, {0x44, 0, 0, 0, 0, 1});
  CHECK(decoded(ethernet(0x8847, u32(0x00065140) + like_ip)).destination_port == 53);

  Bytes session = u16(0x1100) + u16(1) + u16(2 + kInner4.size()) + u16(0x0021) + kInner4;
  Packet packet = decoded(ethernet(0x8864, session + zeros(6)));
  CHECK(packet.destination_port == 53 && packet.payload.size() == 5);
  decoded(ethernet(0x8863, u16(0x1109) + zeros(10)), DecodeResult::NotIp);
}

void what_cannot_be_opened() {
  Packet chance = decoded(outer(17, udp(53, 4789, text("an answer to a client on that port"))));
  CHECK(chance.ip_layers == 1 && chance.destination_port == 4789 && chance.payload.size() == 34);
  Packet keepalive = decoded(outer(47, u16(0) + u16(0)), DecodeResult::Ok);
  CHECK(keepalive.ip_layers == 1 && keepalive.protocol == 47 && !keepalive.has_ports);
  Packet garbage =
      decoded(outer(4, text("garbage in a tunnel, garbage in a tunnel")), DecodeResult::Malformed);
  CHECK(garbage.ip_layers == 1 && garbage.protocol == 4);

  Bytes nested = kInner4;
  for (int i = 0; i < 20; ++i) nested = ipv4("172.16.0.1", "172.16.0.2", 4, nested);
  Packet deep = decoded(outer(4, nested), DecodeResult::TooDeep);
  CHECK(deep.ip_layers == 2 && deep.source[0] == ip4("192.0.2.1"));
}

}  // namespace

int main() {
  tunnels();
  mpls_and_pppoe();
  what_cannot_be_opened();
}
