#include "reassembly/copies.h"

#include "capture/bytes.h"
#include "check.h"
#include "frame_builder.h"

using namespace packetbeat;
using namespace packetbeat::build;

namespace {

constexpr Time kStart = 1'700'000'000 * kSecond, kMillisecond = kSecond / 1000;
constexpr uint32_t kPort = make_tap(3, false), kBridge = make_tap(2, false), kCard = make_tap(4, true);

Bytes query(uint16_t id = 1, std::string_view name = "www.shop.example") {
  return ipv4("10.0.0.1", "10.0.0.2", 17, udp(40000, 53, u16(id) + text(name)));
}

/// Of an IPv4 packet: one hop further, as a router sends it on.
Bytes one_hop_on(Bytes packet) {
  packet[1] = 0x2e;                     // traffic class
  --packet[8];                          // time to live
  packet[10] ^= 0x17;                   // checksum of the header
  packet[packet[9] == 17 ? 26 : 36]++;  // of the transport
  return packet;
}

void a_packet_of_another_tap_is_a_copy() {
  Copies copies;
  CHECK(!copies.outermost(query(), kPort, kStart).frame);
  CHECK(copies.outermost(query(), kBridge, kStart + 1).frame);
  CHECK(copies.outermost(one_hop_on(query()), kCard, kStart + 2).frame);
  CHECK(copies.outermost(query() + zeros(7), kCard, kStart + 3).frame);  // padding of a short frame
  CHECK(copies.counters.frames == 3);

  const Bytes segment = ipv4("10.0.0.1", "10.0.0.2", 6, tcp(40000, 80, text("GET /")));
  CHECK(!copies.outermost(segment, kPort, kStart).frame);
  CHECK(copies.outermost(one_hop_on(segment), kBridge, kStart).frame);
  const Bytes six = ipv6(1, 2, 58, icmp(128, 0, 7));
  CHECK(!copies.outermost(six, kPort, kStart).frame);
  CHECK(copies.outermost(six, kBridge, kStart).frame);
  CHECK(copies.counters.frames == 5 && copies.counters.talks == 0);
}

void what_differs_is_another_packet() {
  Copies copies;
  const Bytes payload = zeros(100);
  for (const Bytes& packet :
       {query(1), query(2), query(1, "www.shop.exbmple"), query(1, "www.shop.exampl"),
        ipv4("10.0.0.3", "10.0.0.2", 17, udp(40000, 53, u16(1) + text("www.shop.example"))),
        ipv4("10.0.0.1", "10.0.0.2", 17, udp(40000, 53, u16(1) + text("www.shop.example")), {.id = 2}),
        ipv4("10.0.0.1", "10.0.0.2", 17, payload, {.fragment = 0x2000}),
        ipv4("10.0.0.1", "10.0.0.2", 17, payload, {.fragment = 0x2001}),
        ipv4("10.0.0.1", "10.0.0.2", 6, tcp(1, 80, {}, {.sequence = 1})),
        ipv4("10.0.0.1", "10.0.0.2", 6, tcp(1, 80, {}, {.sequence = 2})), ipv6(1, 2, 17, payload),
        ipv6(1, 2, 6, payload), ipv6(1, 3, 17, payload)})
    CHECK(!copies.outermost(packet, copies.counters.frames == 0 ? kPort : kBridge, kStart).frame);
  CHECK(copies.outermost(ipv6(1, 3, 17, payload), kBridge, kStart).frame);
}

void one_that_is_sent_again_passes_the_same_tap_again() {
  Copies copies;
  for (Time time = kStart; time < kStart + kSecond; time += 90 * kMillisecond) {
    CHECK(!copies.outermost(query(), kPort, time).frame);
    CHECK(copies.outermost(query(), kBridge, time).frame);
  }
}

void a_copy_comes_soon() {
  Copies copies;
  CHECK(!copies.outermost(query(), kPort, kStart).frame);
  CHECK(copies.outermost(query(), kBridge, kStart + Copies::kWindow).frame);
  CHECK(copies.outermost(query(), kBridge, kStart - Copies::kWindow).frame);
  CHECK(!copies.outermost(query(), kBridge, kStart + Copies::kWindow + 1).frame);
  CHECK(
      copies.outermost(query(), kPort, kStart + Copies::kWindow + 2).frame);  // now it is the other way round
}

void both_sides_of_a_tunnel_say_the_same() {
  const auto wrapped = [](const Bytes& inmost) {
    return ipv4("192.0.2.1", "192.0.2.2", 17, udp(5000, 4789, u32(8 << 24) + u32(7 << 8) + inmost));
  };
  Copies copies;
  // In: first in the tunnel, then outside of it.
  CHECK(!copies.outermost(wrapped(query(1)), kPort, kStart).frame);
  CHECK(!copies.inmost(query(1), kPort, kStart));
  auto plain = copies.outermost(query(1), kBridge, kStart);
  CHECK(!plain.frame && plain.talk);
  plain = copies.outermost(query(1), kCard, kStart);
  CHECK(plain.frame && plain.talk);
  // Out: the other way round.
  plain = copies.outermost(query(2), kBridge, kStart);
  CHECK(!plain.frame && !plain.talk);
  CHECK(!copies.outermost(wrapped(query(2)), kCard, kStart).frame);
  CHECK(copies.inmost(query(2), kCard, kStart));
  CHECK(copies.counters.talks == 2 && copies.counters.frames == 1);
}

void many_packets_at_once() {
  Copies copies;
  constexpr unsigned kMany = 200'000;
  for (unsigned i = 0; i < kMany; ++i) {
    const Bytes packet = ipv4("10.0.0.1", "10.0.0.2", 17, udp(40000, 53, u32(i)));
    CHECK(!copies.outermost(packet, kPort, kStart + i).frame);
    CHECK(copies.outermost(packet, kBridge, kStart + i).frame);
  }
  CHECK(copies.counters.frames == kMany);
}

void headers_of_every_length() {
  Copies copies;
  for (const Bytes& packet : {query(), ipv6(1, 2, 17, udp(1, 2, zeros(300)))})
    for (size_t length = 0; length <= packet.size(); ++length)
      if (const auto cut = std::span(packet).first(length); has_ip_header(cut))
        copies.outermost(cut, kPort, kStart);
  Bytes wrong = query();
  wrong[0] = 0x4f;  // options up to behind its end
  copies.outermost(wrong, kPort, kStart);
  wrong[0] = 0x40;
  copies.outermost(wrong, kPort, kStart);
  CHECK(!has_ip_header(zeros(60)) && !has_ip_header({}));
}

void where_a_frame_has_its_packet() {
  const Bytes packet = query();
  const auto found = [&packet](const Bytes& bytes, Link link) {
    const auto ip = outermost_ip(frame(bytes, link));
    return Bytes(ip.begin(), ip.end()) == packet;
  };
  CHECK(found(ethernet(0x0800, packet), Link::Ethernet));
  CHECK(found(ethernet(0x88a8, vlan(1, 0x8100, vlan(2, 0x0800, packet))), Link::Ethernet));
  CHECK(found(u16(0) + u16(1) + u16(6) + zeros(8) + u16(0x0800) + packet, Link::Sll));
  CHECK(found(u16(0x0800) + zeros(18) + packet, Link::Sll2));
  CHECK(found(packet, Link::Raw));
  for (const Bytes& bytes :
       {ethernet(0x0806, packet), ethernet(0x8100, u16(1)), ethernet(0x0800, {}), Bytes{}, zeros(13)})
    CHECK(outermost_ip(frame(bytes)).empty());
  CHECK(outermost_ip(frame(packet, Link::Null)).empty());
}

void which_tap_a_frame_passed() {
  Frame one = frame(ethernet(0x0800, query()));
  CHECK(tap_of(one) == 0);
  one.tap = kBridge;
  CHECK(tap_of(one) == kBridge);
  const auto cooked = [](uint8_t type) {
    return u16(0x0800) + u16(0) + u32(4) + u16(1) + u8(type) + zeros(9);
  };
  CHECK(tap_of(frame(cooked(4), Link::Sll2)) == kCard);
  CHECK(tap_of(frame(cooked(0), Link::Sll2)) == make_tap(4, false));
  CHECK(tap_of(frame(u16(4) + u16(772) + zeros(12), Link::Sll)) == make_tap(772, true));
  CHECK(tap_of(frame(zeros(10), Link::Sll2)) == 0);
}

}  // namespace

int main() {
  a_packet_of_another_tap_is_a_copy();
  what_differs_is_another_packet();
  one_that_is_sent_again_passes_the_same_tap_again();
  a_copy_comes_soon();
  both_sides_of_a_tunnel_say_the_same();
  many_packets_at_once();
  headers_of_every_length();
  where_a_frame_has_its_packet();
  which_tap_a_frame_passed();
}
