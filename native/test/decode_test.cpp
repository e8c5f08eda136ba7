// Link layers, IP and transports of well-formed frames.
#include "decode/decode.h"

#include <string>

#include "check.h"
#include "frame_builder.h"

using namespace packetbeat;
using namespace packetbeat::build;

namespace {

const Bytes kQuery = text("query");
const Bytes kUdp = udp(55000, 53, kQuery);
const Bytes kIp = ipv4("10.20.0.5", "10.20.0.80", 17, kUdp);

std::string payload(const Packet& packet) {
  return {packet.payload.begin(), packet.payload.end()};
}

/// The packet's views stay valid until the next call.
Packet decoded(Bytes bytes, Link link = Link::Ethernet, DecodeResult expected = DecodeResult::Ok) {
  static Bytes kept;
  kept = std::move(bytes);
  Packet packet;
  CHECK(decode(frame(kept, link), packet) == expected);
  return packet;
}

void is_the_query(const Packet& packet) {
  CHECK(packet.has_ports && packet.source_port == 55000 && packet.destination_port == 53);
  CHECK(packet.protocol == 17);
  CHECK(payload(packet) == "query" && packet.payload_wire_length == 5 && !packet.truncated &&
        !packet.fragment);
}

void ethernet_and_tags() {
  Packet plain = decoded(ethernet(0x0800, kIp));
  is_the_query(plain);
  CHECK(plain.has_macs && plain.source_mac == kMacA && plain.destination_mac == kMacB);
  CHECK(plain.ip_layers == 1 && plain.source[0] == ip4("10.20.0.5") &&
        plain.destination[0] == ip4("10.20.0.80"));

  Packet one = decoded(ethernet(0x8100, vlan(100, 0x0800, kIp)));
  is_the_query(one);
  CHECK(one.vlans == 1 && one.vlan[0] == 100);
  Packet two = decoded(ethernet(0x88a8, vlan(100, 0x8100, vlan(200, 0x0800, kIp))));
  CHECK(two.vlans == 2 && two.vlan[0] == 100 && two.vlan[1] == 200);
  Packet three = decoded(ethernet(0x9100, vlan(100, 0x8100, vlan(200, 0x8100, vlan(300, 0x0800, kIp)))));
  is_the_query(three);
  CHECK(three.vlans == 2 && three.vlan[0] == 200 && three.vlan[1] == 300 && three.vlan_tags == 3);

  Bytes bytes = ethernet(0x8100, vlan(200, 0x0800, kIp));
  Frame stripped = frame(bytes);
  stripped.vlan = 0x6000 | 100;
  Packet packet;
  CHECK(decode(stripped, packet) == DecodeResult::Ok);
  CHECK(packet.vlans == 2 && packet.vlan[0] == 100 && packet.vlan[1] == 200);

  is_the_query(decoded(ethernet(0x0800, kIp + zeros(18))));  // padding
  is_the_query(
      decoded(ethernet(8 + static_cast<uint16_t>(kIp.size()), u32(0xaaaa0300) + u16(0) + u16(0x0800) + kIp)));
  CHECK(decoded(ethernet(0x0806, zeros(28)), Link::Ethernet, DecodeResult::NotIp).has_macs);
}

void other_links() {
  Packet sll = decoded(u16(0) + u16(1) + u16(6) + zeros(8) + u16(0x0800) + kIp, Link::Sll);
  is_the_query(sll);
  CHECK(!sll.has_macs);
  Packet tagged =
      decoded(u16(0) + u16(1) + u16(6) + zeros(8) + u16(0x8100) + vlan(42, 0x0800, kIp), Link::Sll);
  CHECK(tagged.vlans == 1 && tagged.vlan[0] == 42);
  is_the_query(decoded(u16(0x0800) + zeros(18) + kIp, Link::Sll2));
  is_the_query(decoded(u32(2) + kIp, Link::Null));
  is_the_query(decoded(u32(0x02000000) + kIp, Link::Null));
  is_the_query(decoded(u32(2) + kIp, Link::Loop));
  for (uint32_t family : {10u, 24u, 28u, 30u}) {
    is_the_query(decoded(u32(family) + ipv6(5, 80, 17, kUdp), Link::Null));
    is_the_query(decoded(u32(family << 24) + ipv6(5, 80, 17, kUdp), Link::Null));
  }
  for (Link raw : {Link::Raw, Link::RawOld, Link::RawOpenBsd}) {
    is_the_query(decoded(kIp, raw));
    is_the_query(decoded(ipv6(5, 80, 17, kUdp), raw));
  }
  is_the_query(decoded(kIp, Link::Ipv4));
  is_the_query(decoded(ipv6(5, 80, 17, kUdp), Link::Ipv6));
  is_the_query(decoded(u32(0xff030021) + kIp, Link::Ppp));
  is_the_query(decoded(u8(0x21) + kIp, Link::PppSerial));
  is_the_query(decoded(u16(0x0057) + ipv6(5, 80, 17, kUdp), Link::Ppp));
  decoded(kIp, static_cast<Link>(105), DecodeResult::UnknownLink);
}

void ip_headers() {
  is_the_query(decoded(ethernet(0x0800, ipv4("10.20.0.5", "10.20.0.80", 17, kUdp, {.options = zeros(40)}))));
  is_the_query(decoded(ethernet(0x0800, ipv4("10.20.0.5", "10.20.0.80", 17, kUdp, {.total_length = 0}))));
  is_the_query(decoded(ethernet(0x86dd, ipv6(5, 80, 0, extension(60, extension(43, extension(17, kUdp)))))));
  is_the_query(decoded(ethernet(0x86dd, ipv6(5, 80, 44, fragment6(17, 0, false, 7, kUdp)))));  // RFC 6946
  Bytes authenticated = u8(17) + u8(1) + zeros(10) + kUdp;
  is_the_query(decoded(ethernet(0x0800, ipv4("10.20.0.5", "10.20.0.80", 51, authenticated))));
  is_the_query(decoded(ethernet(0x86dd, ipv6(5, 80, 51, authenticated))));
  Packet encrypted = decoded(ethernet(0x86dd, ipv6(5, 80, 50, zeros(20))));
  CHECK(encrypted.protocol == 50 && !encrypted.has_ports && encrypted.ip_layers == 1);

  for (const Bytes& broken : {ipv4("1.2.3.4", "5.6.7.8", 17, kUdp, {.total_length = 19}),
                              u8(0x44) + zeros(30), u8(0x65) + zeros(30)}) {
    CHECK(decoded(ethernet(0x0800, broken), Link::Ethernet, DecodeResult::Malformed).ip_layers == 0);
  }
  Packet first =
      decoded(ethernet(0x0800, ipv4("1.2.3.4", "5.6.7.8", 17, kUdp + zeros(3), {.fragment = 0x2000})),
              Link::Ethernet, DecodeResult::Fragment);
  CHECK(first.fragment && first.ip_layers == 1 && !first.has_ports && first.payload.empty());
}

void transports() {
  Bytes segment =
      tcp(40000, 80, text("GET"), {0xfffffffe, 77, tcp_flag::kPsh | tcp_flag::kAck, 512, zeros(12)});
  Packet packet = decoded(ethernet(0x0800, ipv4("1.2.3.4", "5.6.7.8", 6, segment) + zeros(4)));
  CHECK(packet.protocol == kTcp && packet.sequence == 0xfffffffe && packet.acknowledgement == 77);
  CHECK(packet.tcp_flags == (tcp_flag::kPsh | tcp_flag::kAck) && packet.window == 512 &&
        payload(packet) == "GET");
  Bytes bad = segment;
  bad[12] = 0x40;
  Packet refused =
      decoded(ethernet(0x0800, ipv4("1.2.3.4", "5.6.7.8", 6, bad)), Link::Ethernet, DecodeResult::Malformed);
  CHECK(refused.ip_layers == 1 && !refused.has_ports);

  Packet echo = decoded(ethernet(0x0800, ipv4("1.2.3.4", "5.6.7.8", 1, icmp(8, 0, 0x1234, text("ping")))));
  CHECK(echo.icmp_type == 8 && echo.icmp_id == 0x1234 && echo.payload.size() == 12 && !echo.has_ports);
  Packet sctp = decoded(ethernet(0x0800, ipv4("1.2.3.4", "5.6.7.8", 132, u16(7) + u16(9) + zeros(8))));
  CHECK(sctp.has_ports && sctp.source_port == 7 && sctp.destination_port == 9);
  // The length of a datagram bounds its payload, and 0 stands for "all of it".
  is_the_query(decoded(ethernet(0x0800, ipv4("1.2.3.4", "5.6.7.8", 17, kUdp + zeros(9)))));
  is_the_query(
      decoded(ethernet(0x0800, ipv4("1.2.3.4", "5.6.7.8", 17, u16(55000) + u16(53) + u32(0) + kQuery))));
}

void snap_length() {
  Bytes whole = ethernet(0x0800, ipv4("1.2.3.4", "5.6.7.8", 17, udp(1, 2, zeros(100))));
  Frame cut = frame(whole);
  cut.bytes = cut.bytes.first(60);
  Packet packet;
  CHECK(decode(cut, packet) == DecodeResult::Ok);
  CHECK(packet.truncated && packet.payload.size() == 18 && packet.payload_wire_length == 100);
  CHECK(packet.wire_length == whole.size());
}

}  // namespace

int main() {
  ethernet_and_tags();
  other_links();
  ip_headers();
  transports();
  snap_length();
}
