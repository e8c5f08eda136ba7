#include "capture/port_filter.h"

#include "bpf_machine.h"
#include "capture/source.h"
#include "capture_bytes.h"
#include "check.h"

#ifdef __linux__
#include <linux/filter.h>
#include <sys/socket.h>

#include "capture/af_packet_filter.h"
#endif

using namespace packetbeat;
using capture_bytes::Bytes, capture_bytes::Writer;

namespace {

constexpr uint32_t kSnaplen = 65535;
const WatchedPorts watched{{80, 3306, 8000, 8001, 8002}, {53}, true};

Bytes ports(uint16_t source, uint16_t destination) {
  return Writer(true).u16(source).u16(destination).u64(0).out;
}

Bytes ip4(uint8_t protocol, const Bytes& payload, size_t options = 0, uint16_t fragment = 0) {
  Writer out(true);
  out.u8(0x45 + options)
      .u8(0)
      .u16(20 + 4 * options + payload.size())
      .u16(1)
      .u16(fragment)
      .u8(64)
      .u8(protocol);
  return out.u16(0).u32(0x0a000001).u32(0x0a000002).bytes(Bytes(4 * options, 1)).bytes(payload).out;
}

Bytes ip6(uint8_t next, const Bytes& payload) {
  return Writer(true).u32(0x60000000).u16(payload.size()).u8(next).u8(64).bytes(Bytes(32)).bytes(payload).out;
}

Bytes ethernet(const Bytes& payload, const std::vector<uint16_t>& tags = {}) {
  Writer out(true);
  out.bytes(Bytes(12));
  for (auto tag : tags) out.u16(tag).u16(7);
  return out.u16(payload[0] >> 4 == 6 ? 0x86dd : 0x0800).bytes(payload).out;
}

bool kept(const Bytes& frame, Link link = Link::Ethernet, bool vlans = false,
          const WatchedPorts& ports = watched) {
  auto result = run_bpf(port_filter(ports, link, vlans, kSnaplen), frame);
  CHECK(result == 0 || result == kSnaplen);
  return result != 0;
}

void keeps_watched_ports_in_both_directions() {
  for (auto transport : {6, 17})
    for (uint16_t port : {53, 80, 3306, 7999, 8000, 8001, 8002, 8003, 9}) {
      bool wanted = transport == 6 ? watched.tcp.contains(port) : watched.udp.contains(port);
      auto number = static_cast<uint8_t>(transport);
      for (const auto& segment : {ports(40000, port), ports(port, 40000)}) {
        CHECK(kept(ethernet(ip4(number, segment))) == wanted);
        CHECK(kept(ethernet(ip4(number, segment, 10))) == wanted);
        CHECK(kept(ethernet(ip6(number, segment))) == wanted);
      }
    }
}

void keeps_icmp_only_when_asked() {
  auto without = watched;
  without.icmp = false;
  for (const auto& frame : {ethernet(ip4(1, Bytes(8))), ethernet(ip6(58, Bytes(8)))}) {
    CHECK(kept(frame));
    CHECK(!kept(frame, Link::Ethernet, false, without));
  }
}

void keeps_fragments_that_have_no_ports() {
  for (uint16_t offset : {1, 185, 0x1fff}) CHECK(kept(ethernet(ip4(17, ports(1, 2), 0, offset))));
  CHECK(!kept(ethernet(ip4(17, ports(1, 2), 0, 0x2000))));  // the first one has them
  CHECK(!kept(ethernet(ip4(17, ports(1, 2), 0, 0x4000))));  // do not fragment
  CHECK(kept(ethernet(ip4(17, ports(1, 53), 0, 0x2000))));
  for (uint8_t extension : {0, 43, 44, 51, 60, 135}) CHECK(kept(ethernet(ip6(extension, Bytes(16)))));
  CHECK(!kept(ethernet(ip6(59, {}))));
}

void keeps_tunnels() {
  for (uint8_t tunnel : {4, 41, 47}) {
    CHECK(kept(ethernet(ip4(tunnel, Bytes(20)))));
    CHECK(kept(ethernet(ip6(tunnel, Bytes(20)))));
  }
  CHECK(kept(ethernet(ip4(17, ports(5, 4789)))) && kept(ethernet(ip6(17, ports(5, 6081)))));
  CHECK(kept(Writer(true).bytes(Bytes(12)).u16(0x8847).u32(0).out));
  CHECK(kept(Writer(true).bytes(Bytes(12)).u16(0x8864).u32(0).out));
}

void drops_the_rest() {
  CHECK(!kept(Writer(true).bytes(Bytes(12)).u16(0x0806).bytes(Bytes(28)).out));  // ARP
  CHECK(!kept(ethernet(ip4(132, ports(80, 80)))));
  CHECK(!kept(Bytes(10)) && !kept({}));
  CHECK(!kept(ethernet(ip4(6, {}))));
  WatchedPorts nothing;
  CHECK(!kept(ethernet(ip4(6, ports(80, 80))), Link::Ethernet, false, nothing));
}

void looks_behind_tags_when_asked() {
  for (const std::vector<uint16_t>& tags :
       {std::vector<uint16_t>{0x8100}, {0x88a8}, {0x88a8, 0x8100}, {0x8100, 0x8100}})
    for (const auto& [packet, wanted] : {std::pair{ip4(6, ports(1, 80), 3), true},
                                         {ip6(17, ports(53, 1)), true},
                                         {ip4(6, ports(1, 81)), false},
                                         {ip4(6, ports(1, 81), 0, 5), true}}) {
      CHECK(kept(ethernet(packet, tags), Link::Ethernet, true) == wanted);
      CHECK(!kept(ethernet(packet, tags)));
    }
  CHECK(kept(ethernet(ip4(6, ports(1, 80))), Link::Ethernet, true));
}

void knows_other_links() {
  for (const auto& [packet, wanted] :
       {std::pair{ip4(6, ports(1, 80)), true}, {ip6(6, ports(80, 1)), true}, {ip4(6, ports(1, 81)), false}}) {
    uint16_t type = packet[0] >> 4 == 6 ? 0x86dd : 0x0800;
    CHECK(kept(packet, Link::Raw) == wanted);
    CHECK(kept(Writer().u32(2).bytes(packet).out, Link::Null) == wanted);
    CHECK(kept(Writer(true).bytes(Bytes(14)).u16(type).bytes(packet).out, Link::Sll) == wanted);
    CHECK(kept(Writer(true).u16(type).bytes(Bytes(18)).bytes(packet).out, Link::Sll2) == wanted);
    auto tagged = Writer(true).bytes(Bytes(14)).u16(0x8100).u16(7).u16(type).bytes(packet).out;
    CHECK(kept(tagged, Link::Sll, true) == wanted);
    CHECK(kept(packet, Link::Ppp));  // headers of varying length: everything
  }
}

WatchedPorts every(int step, int from = 1) {
  WatchedPorts many;
  for (int port = from; port < 65536; port += step) {
    many.tcp.insert(static_cast<uint16_t>(port));
    many.udp.insert(static_cast<uint16_t>(port));
  }
  return many;
}

void stays_within_the_kernels_limit() {
  auto many = every(150);
  auto program = port_filter(many, Link::Ethernet, true, kSnaplen);
  CHECK(program.size() > 255 && program.size() <= kBpfInstructions);
  for (uint16_t port : {1, 2, 150, 151, 65401, 65535})
    CHECK(kept(ethernet(ip4(6, ports(2, port))), Link::Ethernet, false, many) == many.tcp.contains(port));
  CHECK(port_filter(every(1), Link::Ethernet, true, kSnaplen).size() < 150);  // one range
  CHECK(port_filter(every(2), Link::Ethernet, true, kSnaplen).size() == 1);   // too many: everything
}

#ifdef __linux__
/// The kernel checks a program when it is attached to any socket.
bool kernel_takes(const BpfProgram& program) {
  int socket = ::socket(AF_INET, SOCK_DGRAM, 0);
  sock_fprog attached{static_cast<unsigned short>(program.size()),
                      reinterpret_cast<sock_filter*>(const_cast<BpfInstruction*>(program.data()))};
  bool taken = ::setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &attached, sizeof attached) == 0;
  ::close(socket);
  return taken;
}

void pleases_the_kernel() {
  for (auto link : {Link::Ethernet, Link::Sll, Link::Sll2, Link::Raw, Link::Null, Link::Ppp})
    for (bool vlans : {false, true})
      for (const auto& set : {WatchedPorts{}, watched, every(1), every(150)})
        CHECK(kernel_takes(port_filter(set, link, vlans, kSnaplen)));
  auto cooked = cooked_to_socket(port_filter(watched, Link::Sll, true, kSnaplen));
  CHECK(kernel_takes(cooked) && kernel_takes(without_loopback_copies(cooked)));
  BpfProgram address{{bpf::kLoadHalf, 0, 0, 6}, {bpf::kReturn, 0, 0, 1}};
  try {
    cooked_to_socket(address);
    CHECK(false);
  } catch (const CaptureError& error) {
    CHECK(error.code() == "ERR_CAPTURE_FILTER");
  }
}
#endif

}  // namespace

int main() {
  keeps_watched_ports_in_both_directions();
  keeps_icmp_only_when_asked();
  keeps_fragments_that_have_no_ports();
  keeps_tunnels();
  drops_the_rest();
  looks_behind_tags_when_asked();
  knows_other_links();
  stays_within_the_kernels_limit();
#ifdef __linux__
  pleases_the_kernel();
#endif
}
