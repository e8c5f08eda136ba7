#ifdef __linux__

#include "capture/af_packet.h"

#include <thread>

#include "live_checks.h"
#include "own_network.h"

using namespace packetbeat;
using namespace live_checks;
using own_network::send_udp, own_network::set_up;

namespace {

constexpr uint16_t kPort = 9999;
const WatchedPorts watched{{}, {kPort}, false};

LiveOptions af_packet(const std::string& device) {
  return options(device, LiveOptions::Engine::AfPacket);
}

void sees_each_packet_over_loopback_once() {
  for (const char* device : {"lo", "any"}) {
    AfPacketSource source(af_packet(device), {});
    CHECK(source.live());
    send_udp(kPort, 10);
    auto seen = drain(source);
    CHECK(seen.size() == 10);
    auto now = std::chrono::duration_cast<std::chrono::nanoseconds>(
        std::chrono::system_clock::now().time_since_epoch());
    for (const auto& [frame, bytes] : seen) {
      CHECK(frame.link == Link::Ethernet && bytes.size() == 142 && frame.wire_length == 142 && !frame.vlan);
      CHECK(now.count() - frame.time < 5 * kSecond && now.count() >= frame.time);
    }
    CHECK(source.stats().kernel_packets == 10 && source.stats().kernel_dropped == 0);
  }
}

void cuts_to_the_snap_length() {
  auto options = af_packet("lo");
  options.snaplen = 60;
  AfPacketSource source(options, {});
  send_udp(kPort, 1);
  auto seen = drain(source);
  CHECK(seen.size() == 1 && seen[0].bytes.size() == 60 && seen[0].frame.wire_length == 142);
}

void filters_in_the_kernel() {
  for (const char* device : {"lo", "any"}) {
    auto by_port = af_packet(device);
    by_port.port_filter = true;
    AfPacketSource ports(by_port, watched);
    auto by_expression = af_packet(device);
    by_expression.filter = "udp dst port 9999 and ip[8] > 1";
    std::optional<AfPacketSource> expression;
    if (libpcap_version()) expression.emplace(by_expression, watched);
    send_udp(kPort, 3);
    send_udp(kPort + 1, 5);
    CHECK(drain(ports).size() == 3);
    CHECK(ports.stats().kernel_packets == 3);
    if (expression) CHECK(drain(*expression).size() == 3);
  }
}

void counts_what_the_ring_loses() {
  auto options = af_packet("lo");
  options.buffer_bytes = 512 << 10;
  options.snaplen = 65535;
  AfPacketSource source(options, {});
  send_udp(kPort, 2000, 1000);
  auto seen = drain(source);
  auto stats = source.stats();
  CHECK(seen.size() < 2000 && stats.kernel_dropped > 0 && stats.kernel_packets == 2000);
  CHECK(seen.size() + stats.kernel_dropped == stats.kernel_packets && stats.ring_freezes > 0);
  CHECK(source.stats().kernel_packets == 2000);  // asking again does not clear it
  send_udp(kPort, 5);
  CHECK(drain(source).size() == 5 && source.stats().kernel_packets == 2005);
}

void is_asked_for_counters_while_it_reads() {
  AfPacketSource source(af_packet("lo"), {});
  std::jthread asker([&](std::stop_token stop) {
    while (!stop.stop_requested()) source.stats();
  });
  send_udp(kPort, 500);
  CHECK(drain(source).size() == 500);
}

void shares_the_packets_of_a_fanout_group() {
  auto options = af_packet("lo");
  options.fanout_group = 4321;
  AfPacketSource first(options, {}), second(options, {});
  for (int flow = 0; flow < 32; ++flow) send_udp(kPort, 4);  // each time from another port
  auto one = drain(first).size(), two = drain(second).size();
  CHECK(one + two == 128 && one % 4 == 0 && one > 0 && two > 0);
}

std::string open_code(const LiveOptions& options, const std::string& words) {
  return code_of(words, [&] { AfPacketSource source(options, {}); });
}

void says_why_it_cannot_open() {
  CHECK(open_code(af_packet("pb-none"), "lo, ") == "ERR_CAPTURE_DEVICE_UNKNOWN");
  CHECK(open_code(af_packet(std::string(40, 'x')), "lo, ") == "ERR_CAPTURE_DEVICE_UNKNOWN");
  auto options = af_packet("lo");
  options.buffer_bytes = 1000;
  CHECK(open_code(options, "at least 1048576") == "ERR_CAPTURE_BUFFER");
  options.snaplen = 1 << 20;
  options.buffer_bytes = 2 << 20;
  CHECK(open_code(options, "too small for packets of 1048576") == "ERR_CAPTURE_BUFFER");
  options = af_packet("lo");
  options.filter = "port httpx";
  if (libpcap_version()) CHECK(open_code(options, "\"port httpx\"") == "ERR_CAPTURE_FILTER");
  set_up("lo", false);
  CHECK(open_code(af_packet("lo"), "ip link set lo up") == "ERR_CAPTURE_DEVICE_DOWN");
  set_up("lo");
  CHECK(::seteuid(65534) == 0);
  CHECK(open_code(af_packet("lo"), "setcap cap_net_raw,cap_net_admin+eip") == "ERR_CAPTURE_PERMISSION");
  CHECK(::seteuid(0) == 0);
}

}  // namespace

int main() {
  if (!own_network::enter()) return 0;
  set_up("lo");
  sees_each_packet_over_loopback_once();
  cuts_to_the_snap_length();
  filters_in_the_kernel();
  counts_what_the_ring_loses();
  is_asked_for_counters_while_it_reads();
  shares_the_packets_of_a_fanout_group();
  says_why_it_cannot_open();
}

#else
int main() {}
#endif
