// Fragments in every order, overlapping, doubled, too many; and datagrams decoded from them.
#include "reassembly/ip_fragments.h"

#include <algorithm>
#include <string>

#include "check.h"
#include "decode/decode.h"
#include "frame_builder.h"

using namespace packetbeat;
using namespace packetbeat::build;

namespace {

constexpr uint64_t kPlenty = 1 << 20;

Fragment piece(uint32_t offset, bool more, const Bytes& bytes, uint32_t id = 1, Time time = 0) {
  return {time, ip4("10.0.0.1"), ip4("10.0.0.2"), id, 0, 17, offset, more, 100, bytes};
}

std::string letters(size_t count, char letter) {
  return std::string(count, letter);
}

void any_order() {
  const Bytes parts[] = {text(letters(16, 'a')), text(letters(8, 'b')), text(letters(5, 'c'))};
  const uint32_t offsets[] = {0, 16, 24};
  std::vector<size_t> order = {0, 1, 2};
  do {
    IpFragments fragments(kPlenty);
    Datagram whole;
    for (size_t at : order) {
      CHECK(whole.bytes.empty());
      whole = fragments.add(piece(offsets[at], at != 2, parts[at]));
    }
    std::string expected = letters(16, 'a') + letters(8, 'b') + letters(5, 'c');
    CHECK(std::equal(whole.bytes.begin(), whole.bytes.end(), expected.begin(), expected.end()));
    CHECK(whole.earlier_frames == 2 && whole.earlier_bytes == 200 && whole.protocol == 17);
    CHECK(fragments.held_bytes() == 0 && fragments.counters().reassembled == 1);
  } while (std::next_permutation(order.begin(), order.end()));
}

void overlaps() {
  IpFragments fragments(kPlenty);
  fragments.add(piece(8, true, text(letters(8, 'b'))));
  fragments.add(piece(8, true, text(letters(8, 'x'))));  // again
  fragments.add(piece(24, true, text(letters(8, 'd'))));
  CHECK(fragments.counters().duplicate == 1);
  fragments.add(piece(0, true, text(letters(40, 'x'))));  // fills the holes around what is there
  Datagram whole = fragments.add(piece(32, false, text(letters(9, 'e'))));
  std::string expected =
      letters(8, 'x') + letters(8, 'b') + letters(8, 'x') + letters(8, 'd') + letters(8, 'x') + "e";
  CHECK(std::equal(whole.bytes.begin(), whole.bytes.end(), expected.begin(), expected.end()));
}

void refused() {
  IpFragments fragments(kPlenty);
  fragments.add(piece(0, true, zeros(7)));        // no multiple of 8
  fragments.add(piece(65'528, false, zeros(8)));  // longer than a datagram can be
  fragments.add(piece(0, true, {}));
  CHECK(fragments.counters().invalid == 3 && fragments.held_bytes() == 0);
  fragments.add(piece(16, false, zeros(8)));
  fragments.add(piece(24, true, zeros(8)));  // beyond the end
  fragments.add(piece(8, false, zeros(8)));  // another end
  CHECK(fragments.counters().invalid == 5);
  CHECK(!fragments.add(piece(0, true, zeros(16))).bytes.empty());
}

void told_apart() {
  IpFragments fragments(kPlenty);
  fragments.add(piece(0, true, zeros(8), 1));
  CHECK(fragments.add(piece(8, false, zeros(8), 2)).bytes.empty());
  Bytes bytes = zeros(8);
  Fragment other = piece(8, false, bytes, 1);
  other.source = ip4("10.0.0.3");
  CHECK(fragments.add(other).bytes.empty());
  other = piece(8, false, bytes, 1);
  other.protocol = 6;
  CHECK(fragments.add(other).bytes.empty());
  other = piece(8, false, bytes, 1);
  other.context = 5;
  CHECK(fragments.add(other).bytes.empty());
  CHECK(!fragments.add(piece(8, false, zeros(8), 1)).bytes.empty());
}

void bounded() {
  IpFragments fragments(100'000);
  for (uint32_t id = 0; id < 20'000; ++id) {
    fragments.add(piece(8, true, zeros(8), id));
    CHECK(fragments.held_bytes() <= 100'000);
  }
  CHECK(fragments.counters().evicted > 19'000);
  CHECK(fragments.shed() && fragments.counters().evicted > 19'000);
  while (fragments.shed()) {
  }
  CHECK(fragments.held_bytes() == 0);

  IpFragments parts(kPlenty);
  for (uint32_t i = 0; i < 4000; ++i) parts.add(piece(16 * i + 8, true, zeros(8)));
  CHECK(parts.counters().evicted >= 1);

  IpFragments many(1 << 30);
  for (uint32_t id = 0; id < 10'000; ++id) many.add(piece(8, true, zeros(8), id));
  CHECK(many.counters().evicted == 10'000 - IpFragments::kMaxDatagrams);
}

void expiry() {
  IpFragments fragments(kPlenty);
  fragments.add(piece(0, true, zeros(8), 1, 0));
  fragments.advance(IpFragments::kExpiry);
  CHECK(fragments.counters().expired == 0);
  CHECK(fragments.add(piece(8, false, zeros(8), 1, IpFragments::kExpiry + 1)).bytes.empty());
  CHECK(fragments.counters().expired == 1);
}

void decoded() {
  IpFragments fragments(kPlenty);
  Bytes datagram = udp(53, 35873, text(letters(31, 'x')));
  Bytes head(datagram.begin(), datagram.begin() + 24), tail(datagram.begin() + 24, datagram.end());
  Packet packet;
  Bytes first4 = ethernet(0x0800, ipv4("10.0.0.1", "10.0.0.2", 17, head, {.id = 9, .fragment = 0x2000}));
  Bytes last4 = ethernet(0x0800, ipv4("10.0.0.1", "10.0.0.2", 17, tail, {.id = 9, .fragment = 3}));
  CHECK(decode(frame(last4), packet, &fragments) == DecodeResult::Fragment && packet.fragment);
  CHECK(decode(frame(first4), packet, &fragments) == DecodeResult::Ok && !packet.fragment);
  CHECK(packet.destination_port == 35873 && packet.payload.size() == 31);
  CHECK(packet.earlier_frames == 1 && packet.earlier_bytes == last4.size());

  // IPv6, and the last fragment with another next header: the first one's counts.
  Bytes first6 = ethernet(0x86dd, ipv6(1, 2, 0, extension(44, fragment6(17, 0, true, 7, head))));
  Bytes last6 = ethernet(0x86dd, ipv6(1, 2, 0, extension(44, fragment6(6, 24, false, 7, tail))));
  CHECK(decode(frame(first6), packet, &fragments) == DecodeResult::Fragment);
  CHECK(decode(frame(last6), packet, &fragments) == DecodeResult::Ok);
  CHECK(packet.protocol == 17 && packet.destination_port == 35873 && packet.payload.size() == 31);

  // A tunnel in fragments that carries fragments.
  Bytes inner1 = ipv4("1.1.1.1", "2.2.2.2", 17, head, {.id = 3, .fragment = 0x2000});
  Bytes inner2 = ipv4("1.1.1.1", "2.2.2.2", 17, tail, {.id = 3, .fragment = 3});
  DecodeResult result = DecodeResult::Ok;
  uint16_t id = 20;
  for (const Bytes& inner : {inner1, inner2}) {
    Bytes one(inner.begin(), inner.begin() + 24), two(inner.begin() + 24, inner.end());
    Bytes a = ethernet(0x0800, ipv4("10.0.0.1", "10.0.0.2", 4, one, {.id = id, .fragment = 0x2000}));
    Bytes b = ethernet(0x0800, ipv4("10.0.0.1", "10.0.0.2", 4, two, {.id = id, .fragment = 3}));
    decode(frame(a), packet, &fragments);
    result = decode(frame(b), packet, &fragments);
    ++id;
  }
  CHECK(result == DecodeResult::Ok && packet.destination_port == 35873 && packet.payload.size() == 31);
  CHECK(packet.ip_layers == 2 && fragments.held_bytes() == 0);

  // What the snap length cut cannot be put together.
  Frame cut = frame(first4);
  cut.bytes = cut.bytes.first(50);
  CHECK(decode(cut, packet, &fragments) == DecodeResult::Truncated && packet.fragment);
}

}  // namespace

int main() {
  any_order();
  overlaps();
  refused();
  told_apart();
  bounded();
  expiry();
  decoded();
}
