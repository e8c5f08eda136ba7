// Frames cut at every byte, and random ones: nothing is read beyond the end, and every view stays inside.
#include <random>

#include "check.h"
#include "decode/decode.h"
#include "frame_builder.h"
#include "reassembly/ip_fragments.h"

using namespace packetbeat;
using namespace packetbeat::build;

namespace {

/// Decodes a copy of exactly that size, so that AddressSanitizer sees the first byte too much.
void survives(const Bytes& bytes, size_t size, size_t wire, Link link, Defragmenter* fragments) {
  Bytes copy(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
  copy.shrink_to_fit();
  Frame cut{0, link, static_cast<uint32_t>(wire), copy, {}};
  Packet packet;
  decode(cut, packet, fragments);
  const uint8_t* begin = packet.payload.data();
  if (!packet.payload.empty() && packet.earlier_frames == 0 && !fragments) {
    CHECK(begin >= copy.data() && begin + packet.payload.size() <= copy.data() + copy.size());
  }
  CHECK(packet.payload.size() <= packet.payload_wire_length || packet.payload.empty());
  CHECK(packet.ip_layers <= 2 && packet.vlans <= 2);
  uint32_t sum = 0;
  for (uint8_t byte : packet.payload) sum += byte;
  CHECK(sum < UINT32_MAX);
}

std::vector<Bytes> samples() {
  Bytes datagram = udp(1, 2, text("query")), segment = tcp(1, 2, text("text"), {.options = zeros(12)});
  Bytes inner = ethernet(0x0800, ipv4("1.2.3.4", "5.6.7.8", 6, segment));
  auto outer = [](uint8_t protocol, const Bytes& payload) {
    return ethernet(0x0800, ipv4("9.9.9.9", "8.8.8.8", protocol, payload, {.options = zeros(8)}));
  };
  return {
      outer(17, datagram),
      outer(6, segment),
      outer(1, icmp(8, 0, 1, zeros(8))),
      outer(132, zeros(16)),
      outer(47, u16(0xb000) + u16(0x6558) + zeros(12) + inner),
      outer(47, u16(0x1000) + u16(0x22eb) + zeros(15) + u8(1) + zeros(8) + inner),
      outer(17, udp(3, 4789, u32(0x08000000) + u32(0) + inner)),
      outer(17, udp(3, 6081, u32(0x02006558) + zeros(12) + inner)),
      outer(97, u16(0x3000) + inner),
      outer(51, u8(17) + u8(1) + zeros(10) + datagram),
      ethernet(0x86dd, ipv6(1, 2, 0, extension(60, extension(44, fragment6(17, 8, true, 3, zeros(16)))))),
      ethernet(0x8100, vlan(1, 0x88a8, vlan(2, 0x9100, vlan(3, 0x86dd, ipv6(1, 2, 58, icmp(128, 0, 1)))))),
      ethernet(0x8847, u32(0x00064040) + u32(0x00065140) + zeros(4) + inner),
      ethernet(0x8864,
               u16(0x1100) + u16(1) + u16(40) + u32(0xff030021) + ipv4("1.2.3.4", "5.6.7.8", 17, datagram)),
      ethernet(60, u32(0xaaaa0300) + u16(0) + u16(0x0800) + ipv4("1.2.3.4", "5.6.7.8", 17, datagram)),
  };
}

constexpr Link kLinks[] = {Link::Null,      Link::Ethernet, Link::Ppp,  Link::RawOld,
                           Link::PppSerial, Link::Raw,      Link::Loop, Link::Sll,
                           Link::Ipv4,      Link::Ipv6,     Link::Sll2, static_cast<Link>(999)};

void cut_everywhere() {
  for (const Bytes& sample : samples()) {
    for (size_t size = 0; size <= sample.size(); ++size) {
      for (Link link : kLinks) {
        survives(sample, size, sample.size(), link, nullptr);
        survives(sample, size, size, link, nullptr);
      }
    }
  }
}

void one_byte_wrong() {
  for (const Bytes& sample : samples()) {
    for (size_t at = 0; at < sample.size(); ++at) {
      for (unsigned value : {0x00u, 0x01u, 0x0fu, 0x40u, 0x7fu, 0x80u, 0xf0u, 0xffu}) {
        Bytes wrong = sample;
        wrong[at] = static_cast<uint8_t>(value);
        survives(wrong, wrong.size(), wrong.size(), Link::Ethernet, nullptr);
      }
    }
  }
}

void random_bytes() {
  std::mt19937 random(20240607);
  IpFragments fragments(1 << 16);
  std::vector<Bytes> seeds = samples();
  for (int round = 0; round < 200'000; ++round) {
    Bytes bytes = seeds[random() % seeds.size()];
    if (round % 4 == 0) {
      for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random());
    }
    for (unsigned changes = random() % 6; changes > 0; --changes) {
      bytes[random() % bytes.size()] = static_cast<uint8_t>(random());
    }
    size_t size = random() % 3 ? bytes.size() : random() % (bytes.size() + 1);
    survives(bytes, size, random() % 2 ? bytes.size() : 0, kLinks[random() % std::size(kLinks)], &fragments);
    CHECK(fragments.held_bytes() <= 1 << 16);
  }
}

/// Headers that nest as deep as a frame has room for take time in proportion to the frame.
void nested_without_end() {
  Bytes tags, labels, snaps, extensions;
  while (tags.size() < 65'000) {
    tags = tags + u16(1) + u16(0x8100);
    labels = labels + u32(0);
  }
  for (int i = 0; i < 4000; ++i)
    snaps = snaps + u32(0xaaaa0300) + u16(0) + u16(0x8100) + u16(1) + u16(0x0500);
  for (int i = 0; i < 8000; ++i) extensions = extensions + u8(60) + zeros(7);
  for (const Bytes& bytes : {ethernet(0x8100, tags), ethernet(0x8847, labels), ethernet(0x0500, snaps),
                             ethernet(0x86dd, ipv6(1, 2, 60, extensions))}) {
    survives(bytes, bytes.size(), bytes.size(), Link::Ethernet, nullptr);
  }
}

}  // namespace

int main() {
  cut_everywhere();
  one_byte_wrong();
  random_bytes();
  nested_without_end();
}
