#include "capture/port_filter.h"

#include <initializer_list>
#include <optional>
#include <utility>

#include "capture/link.h"

namespace packetbeat {

namespace {

using Ports = std::set<uint16_t>;

constexpr uint32_t kTunnels[] = {4, 41, 47};  // IP in IP, 6in4, GRE (and ERSPAN in it)
constexpr uint32_t kExtensions[] = {0,  43, 44,
                                    51, 60, 135};  // of IPv6: options, routing, fragment, AH, mobility
constexpr uint32_t kUnreadable[] = {0x8847, 0x8848,
                                    0x8864};  // MPLS, PPPoE: the port is behind varying headers
constexpr uint32_t kTags[] = {0x8100, 0x88a8, 0x9100};
constexpr uint16_t kVxlan = 4789, kGeneve = 6081;

class Generator {
 public:
  Generator(const WatchedPorts& ports, uint32_t snaplen) : ports_(ports), snaplen_(snaplen) {
    ports_.udp.insert({kVxlan, kGeneve});
  }

  BpfProgram program(const LinkHeaders& headers, bool vlans) {
    headers.type ? by_type(headers, vlans) : by_version(headers.network);
    ip4();
    ip6();
    transport(tcp_, ports_.tcp);
    transport(udp_, ports_.udp);
    return out_.take();
  }

 private:
  // Throughout: X is where the network layer begins, from `transport` on where the transport layer does.

  void by_type(const LinkHeaders& headers, bool vlans) {
    BpfAssembler::Label inner[2], dispatch;
    out_.add(bpf::kLoadX, headers.network);
    out_.add(bpf::kLoadHalf, *headers.type);
    for (uint32_t depth = 0; vlans && depth < 2; ++depth) {
      for (auto tag : kTags) out_.jump_if(bpf::kJumpEqual, tag, inner[depth]);
      out_.jump(dispatch);
      out_.place(inner[depth]);
      out_.add(bpf::kLoadX, headers.network + 4 * (depth + 1));
      out_.add(bpf::kLoadHalf, headers.network + 4 * depth + 2);
    }
    out_.place(dispatch);
    for (auto type : kUnreadable) keep(type);
    out_.jump_if(bpf::kJumpEqual, 0x0800, ip4_);
    out_.jump_if(bpf::kJumpEqual, 0x86dd, ip6_);
    out_.add(bpf::kReturn, 0);
  }

  void by_version(uint32_t network) {
    out_.add(bpf::kLoadX, network);
    out_.add(bpf::kLoadByteIndexed, 0);
    out_.add(bpf::kAnd, 0xf0);
    out_.jump_if(bpf::kJumpEqual, 0x40, ip4_);
    out_.jump_if(bpf::kJumpEqual, 0x60, ip6_);
    out_.add(bpf::kReturn, 0);
  }

  void ip4() {
    BpfAssembler::Label tcp, udp;
    out_.place(ip4_);
    out_.add(bpf::kLoadByteIndexed, 9);
    for (auto tunnel : kTunnels) keep(tunnel);
    if (ports_.icmp) keep(1);
    if (!ports_.tcp.empty()) out_.jump_if(bpf::kJumpEqual, 6, tcp);
    out_.jump_if(bpf::kJumpEqual, 17, udp);
    out_.add(bpf::kReturn, 0);
    for (auto [from, to] : {std::pair{&tcp, &tcp_}, std::pair{&udp, &udp_}}) {
      out_.place(*from);
      out_.add(bpf::kLoadHalfIndexed, 6);
      out_.return_if(bpf::kJumpSet, 0x1fff, snaplen_);  // a fragment offset: no ports here
      out_.add(bpf::kLoadByteIndexed, 0);
      out_.add(bpf::kAnd, 15);
      out_.add(bpf::kShiftLeft, 2);
      out_.add(bpf::kAddX);
      out_.add(bpf::kAToX);
      out_.jump(*to);
    }
  }

  void ip6() {
    BpfAssembler::Label tcp, udp;
    out_.place(ip6_);
    out_.add(bpf::kLoadByteIndexed, 6);
    for (auto tunnel : kTunnels) keep(tunnel);
    for (auto extension : kExtensions) keep(extension);
    if (ports_.icmp) keep(58);
    if (!ports_.tcp.empty()) out_.jump_if(bpf::kJumpEqual, 6, tcp);
    out_.jump_if(bpf::kJumpEqual, 17, udp);
    out_.add(bpf::kReturn, 0);
    for (auto [from, to] : {std::pair{&tcp, &tcp_}, std::pair{&udp, &udp_}}) {
      out_.place(*from);
      out_.add(bpf::kXToA);
      out_.add(bpf::kAdd, 40);
      out_.add(bpf::kAToX);
      out_.jump(*to);
    }
  }

  void transport(BpfAssembler::Label& label, const Ports& ports) {
    out_.place(label);
    for (uint32_t end : {0u, 2u}) {  // source port, destination port
      out_.add(bpf::kLoadHalfIndexed, end);
      for (auto port = ports.begin(); port != ports.end();) {
        uint32_t low = *port, high = low;
        while (++port != ports.end() && *port == high + 1) high = *port;
        out_.return_within(low, high, snaplen_);
      }
    }
    out_.add(bpf::kReturn, 0);
  }

  void keep(uint32_t value) { out_.return_if(bpf::kJumpEqual, value, snaplen_); }

  WatchedPorts ports_;
  uint32_t snaplen_;
  BpfAssembler out_;
  BpfAssembler::Label ip4_, ip6_, tcp_, udp_;
};

}  // namespace

BpfProgram port_filter(const WatchedPorts& ports, Link link, bool vlans, uint32_t snaplen) {
  if (auto headers = link_headers(link)) {
    auto program = Generator(ports, snaplen).program(*headers, vlans);
    if (program.size() <= kBpfInstructions) return program;
  }
  return {{bpf::kReturn, 0, 0, snaplen}};
}

}  // namespace packetbeat
