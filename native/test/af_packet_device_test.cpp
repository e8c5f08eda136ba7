#ifdef __linux__

#include <cstdlib>
#include <thread>

#include "capture/af_packet.h"
#include "live_checks.h"
#include "own_network.h"

using namespace packetbeat;
using namespace live_checks;
using own_network::Bytes, own_network::ip, own_network::send_frame, own_network::set_up;

namespace {

constexpr uint16_t kPort = 9999;
const WatchedPorts watched{{}, {kPort}, false};

LiveOptions af_packet(const std::string& device) {
  return options(device, LiveOptions::Engine::AfPacket);
}

/// An IPv4 datagram to `port`.
Bytes datagram(uint16_t port) {
  Bytes bytes{0x45, 0, 0, 32, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2};
  for (int value : {1, 0, port >> 8, port & 255, 0, 12, 0, 0, 1, 2, 3, 4})
    bytes.push_back(static_cast<uint8_t>(value));
  return bytes;
}

Bytes ethernet(const Bytes& packet, const std::vector<uint16_t>& tags) {
  Bytes frame{2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1};
  auto put = [&](int value) {
    frame.push_back(static_cast<uint8_t>(value >> 8));
    frame.push_back(static_cast<uint8_t>(value));
  };
  uint16_t id = 100;
  for (auto tag : tags) {
    put(tag);
    put(id++);
  }
  put(0x0800);
  for (auto byte : packet) frame.push_back(byte);
  frame.resize(frame.size() + 40);
  return frame;
}

void reads_tags_that_the_kernel_took_out() {
  AfPacketSource source(af_packet("pb-b"), {}), all(af_packet("any"), {});
  auto filtered = af_packet("pb-b");
  filtered.port_filter = filtered.vlans = true;
  AfPacketSource ports(filtered, watched);
  send_frame("pb-a", ethernet(datagram(kPort), {0x8100}));
  send_frame("pb-a", ethernet(datagram(kPort), {0x88a8, 0x8100}));
  send_frame("pb-a", ethernet(datagram(kPort + 1), {0x88a8, 0x8100}));
  auto seen = drain(source);
  CHECK(seen.size() == 3 && seen[0].frame.vlan == 100 && seen[0].frame.vlan_protocol == 0x8100);
  CHECK(seen[0].frame.wire_length == seen[0].bytes.size() + 4 && seen[0].bytes[12] == 0x08);
  CHECK(seen[1].frame.vlan == 100 && seen[1].frame.vlan_protocol == 0x88a8);
  CHECK(seen[1].bytes[12] == 0x81 && seen[1].bytes[15] == 101);  // the inner tag stays
  CHECK(drain(ports).size() == 2);
  CHECK(drain(all).size() == 6);  // leaves by one device, arrives at the other: no copies
  if (!libpcap_version()) return;
  auto tagged = af_packet("pb-b");
  tagged.filter = "vlan 100";
  AfPacketSource expression(tagged, {});
  send_frame("pb-a", ethernet(datagram(kPort), {0x8100}));
  send_frame("pb-a", ethernet(datagram(kPort), {}));
  CHECK(drain(expression).size() == 1);
}

void hands_on_raw_ip_where_there_are_no_headers() {
  int tun = own_network::open_tun("pb-tun");
  if (tun < 0) {
    std::printf("skipped: no tun device\n");
    return;
  }
  set_up("pb-tun");
  for (const char* device : {"pb-tun", "any"}) {
    auto options = af_packet(device);
    options.port_filter = true;
    AfPacketSource source(options, watched);
    auto wanted = datagram(kPort), other = datagram(kPort + 1);
    CHECK(::write(tun, wanted.data(), wanted.size()) > 0 && ::write(tun, other.data(), other.size()) > 0);
    auto seen = drain(source);
    CHECK(seen.size() == 1 && seen[0].frame.link == Link::Raw && seen[0].bytes == wanted);
    CHECK(seen[0].frame.wire_length == wanted.size());
  }
  ::close(tun);
}

void goes_on_when_a_device_was_down_and_ends_when_it_is_gone() {
  AfPacketSource source(af_packet("pb-b"), {});
  set_up("pb-b", false);
  CHECK(drain(source).size() < 10);
  set_up("pb-b");
  drain(source);
  send_frame("pb-a", ethernet(datagram(kPort), {}));
  CHECK(drain(source).size() >= 1);
  auto gone = code_of("pb-b", [&] {
    std::thread([] { ip("link del pb-b"); }).join();
    drain(source, 100);
  });
  CHECK(gone == "ERR_CAPTURE_DEVICE_GONE");
}

}  // namespace

int main() {
  if (!own_network::enter()) return 0;
  set_up("lo");
  hands_on_raw_ip_where_there_are_no_headers();
  // Without IPv6 there, the two say nothing by themselves.
  if (!ip("link add pb-a type veth peer name pb-b")) {
    std::printf("skipped: ip(8) makes no veth devices here\n");
    return 0;
  }
  for (const char* device : {"pb-a", "pb-b"}) {
    std::system(("echo 1 > /proc/sys/net/ipv6/conf/" + std::string(device) + "/disable_ipv6").c_str());
    set_up(device);
  }
  reads_tags_that_the_kernel_took_out();
  goes_on_when_a_device_was_down_and_ends_when_it_is_gone();
}

#else
int main() {}
#endif
