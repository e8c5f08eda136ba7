#include "reassembly/packet_row.h"

#include <optional>

#include "check.h"
#include "frame_builder.h"
#include "rows.h"

using namespace packetbeat;
using namespace packetbeat::build;

namespace {

constexpr Time kWhen = 1'700'000'000 * kSecond + 123'456'789;

/// A packet as JavaScript reads it.
struct Read {
  Told row;
  uint32_t network, transport, payload, end;
  std::string bytes;
};

Read read(const Frame& frame) {
  Reader reader({2, 16, 1 << 12});
  Packet packet;
  const DecodeResult result = decode(frame, packet);
  reader.pool.push(Row::make(RowKind::Tick, 0),
                   std::vector<uint8_t>{1, 2, 3});  // what follows is aligned anyway
  write_packet(frame, packet, result, reader.pool);
  const Told row = reader.take().back();
  CHECK(row.kind == RowKind::Packet && row.time == kWhen);
  std::array<uint32_t, 4> columns;
  CHECK(row.bytes.size() >= sizeof columns);
  std::memcpy(columns.data(), row.bytes.data(), sizeof columns);
  return {row, columns[0], columns[1], columns[2], columns[3], row.bytes.substr(sizeof columns)};
}
Read read(const Bytes& bytes, Link link = Link::Ethernet) {
  return read(frame(bytes, link, kWhen));
}

std::string as_text(const Bytes& bytes) {
  return {bytes.begin(), bytes.end()};
}

void says_where_the_headers_are() {
  const Bytes bytes =
      ethernet(0x0800, ipv4("10.0.0.1", "10.0.0.2", 6,
                            tcp(40000, 80, text("hello"), {.flags = 0x18, .options = zeros(12)}),
                            {.options = zeros(4)}) +
                           text("padding"));
  const Read seen = read(bytes);
  CHECK(seen.network == 14 && seen.transport == 14 + 24 && seen.payload == 14 + 24 + 32);
  CHECK(seen.end == seen.payload + 5);
  CHECK(seen.bytes == as_text(bytes));
  CHECK(seen.row.a == bytes.size() && seen.row.b == (40000u << 16 | 80));
  CHECK(seen.row.conversation == (4u | 6u << 8 | 1u << 16));
}

void of_a_tunnel_the_inmost() {
  const Bytes inner = ipv6(1, 2, 60, extension(17, udp(53, 40000, text("x"))));
  const Read seen = read(ethernet(0x0800, ipv4("10.0.0.1", "10.0.0.2", 41, inner)));
  CHECK(seen.network == 14 + 20 && seen.transport == 14 + 20 + 40 + 8);
  CHECK(seen.payload == seen.transport + 8 && seen.end == seen.payload + 1);
  CHECK((seen.row.conversation & 0xff) == 6);
}

void a_tunnel_that_does_not_open_keeps_its_own() {
  const Read seen =
      read(ethernet(0x0800, ipv4("10.0.0.1", "10.0.0.2", 17, udp(40000, 4789, text("no tunnel")))));
  CHECK(seen.network == 14 && seen.transport == 34 && seen.payload == 42 && seen.end == 51);
}

void what_is_not_there_is_nowhere() {
  const Read arp = read(ethernet(0x0806, zeros(28)));
  CHECK(arp.network == kNowhere && arp.transport == kNowhere && arp.payload == kNowhere &&
        arp.end == kNowhere);
  CHECK(arp.row.conversation == 1u << 16 && arp.row.b == 0);

  const Bytes cut = ethernet(0x0800, ipv4("10.0.0.1", "10.0.0.2", 6, zeros(8), {.total_length = 60}));
  const Read short_header = read(cut);
  CHECK(short_header.network == 14 && short_header.transport == 34 && short_header.payload == kNowhere);

  const Read fragment =
      read(ethernet(0x0800, ipv4("10.0.0.1", "10.0.0.2", 17, zeros(16), {.fragment = 0x2000})));
  CHECK(fragment.network == 14 && fragment.transport == kNowhere && fragment.row.b == 0);

  const Read nothing = read(Bytes{});
  CHECK(nothing.bytes.empty() && nothing.network == kNowhere);
}

void a_tag_is_where_it_was_on_the_wire() {
  const Bytes inner = ipv4("10.0.0.1", "10.0.0.2", 17, udp(53, 40000, text("x")));
  const Bytes bytes = ethernet(0x0800, inner);
  Frame taken = frame(bytes, Link::Ethernet, kWhen);
  taken.vlan = 0xe007;
  taken.vlan_protocol = 0x88a8;
  taken.wire_length += 4;
  const Read seen = read(taken);
  CHECK(seen.bytes == as_text(ethernet(0x88a8, vlan(7, 0x0800, inner))));
  CHECK(seen.row.a == seen.bytes.size());
  CHECK(seen.network == 18 && seen.transport == 38 && seen.payload == 46 && seen.end == 47);
}

void every_cut_of_a_packet_is_a_row() {
  const Bytes whole =
      ethernet(0x8100, vlan(7, 0x0800,
                            ipv4("10.0.0.1", "10.0.0.2", 17,
                                 udp(40000, 4789,
                                     u32(0x08000000) + u32(1) +
                                         ethernet(0x86dd, ipv6(1, 2, 6, tcp(40000, 80, text("hello"))))))));
  for (size_t length = 0; length <= whole.size(); ++length) {
    const Bytes part(whole.begin(), whole.begin() + static_cast<long>(length));
    Frame cut = frame(part, Link::Ethernet, kWhen);
    cut.wire_length = static_cast<uint32_t>(whole.size());
    const Read seen = read(cut);
    CHECK(seen.bytes == as_text(part) && seen.row.a == whole.size());
    for (const uint32_t offset : {seen.network, seen.transport, seen.payload, seen.end})
      CHECK(offset == kNowhere || offset <= length);
    CHECK((seen.payload == kNowhere) == (seen.end == kNowhere));
  }
}

}  // namespace

int main() {
  says_where_the_headers_are();
  of_a_tunnel_the_inmost();
  a_tunnel_that_does_not_open_keeps_its_own();
  what_is_not_there_is_nowhere();
  a_tag_is_where_it_was_on_the_wire();
  every_cut_of_a_packet_is_a_row();
}
