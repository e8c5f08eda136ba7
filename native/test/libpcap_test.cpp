#include "capture/libpcap.h"

#include "bpf_machine.h"
#include "capture/libpcap_source.h"
#include "check.h"

#ifdef __linux__
#include "live_checks.h"
#include "own_network.h"
#endif

using namespace packetbeat;

namespace {

void compiles_expressions() {
  auto program = compile_filter("tcp port 80", Link::Raw, 1000);
  std::vector<uint8_t> packet{0x45, 0, 0, 40, 0, 0, 0, 0, 64, 6, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 80, 1, 2};
  CHECK(run_bpf(program, packet) == 1000);
  packet[21] = 81;
  CHECK(run_bpf(program, packet) == 0);
  for (auto link : {Link::Ethernet, Link::Sll, Link::Sll2, Link::Null, Link::Ppp, Link::Ipv4, Link::RawOld})
    CHECK(!compile_filter("udp or icmp6", link, 65535).empty());
}

void says_what_is_wrong_with_an_expression() {
  check_filter("vlan and tcp port 80");
  check_filter("");
  for (const char* wrong : {"tcp prot 80", "host", "port 99999"}) {
    try {
      check_filter(wrong);
      CHECK(false);
    } catch (const CaptureError& error) {
      std::string what = error.what();
      CHECK(error.code() == "ERR_CAPTURE_FILTER" && what.find(wrong) != std::string::npos &&
            what.size() > 60);
    }
  }
}

#ifdef __linux__
using namespace live_checks;
using own_network::send_udp, own_network::set_up;

constexpr uint16_t kPort = 9999;

LiveOptions libpcap(const std::string& device) {
  return options(device, LiveOptions::Engine::Libpcap);
}

void sees_each_packet_over_loopback_once() {
  for (const char* device : {"lo", "any"}) {
    LibpcapSource source(libpcap(device), {});
    CHECK(source.live());
    send_udp(kPort, 10);
    auto seen = drain(source);
    CHECK(seen.size() == 10);
    auto now = std::chrono::duration_cast<std::chrono::nanoseconds>(
        std::chrono::system_clock::now().time_since_epoch());
    for (const auto& [frame, bytes] : seen) {
      CHECK(frame.link == (device[0] == 'l' ? Link::Ethernet : Link::Sll2) &&
            frame.wire_length == bytes.size());
      CHECK(now.count() - frame.time < 5 * kSecond && now.count() >= frame.time);
    }
    CHECK(source.stats().kernel_packets >= 10 && source.stats().kernel_dropped == 0);
  }
}

void filters_in_the_kernel() {
  for (const char* device : {"lo", "any"}) {
    auto by_port = libpcap(device), by_expression = by_port;
    by_port.port_filter = by_port.vlans = true;
    by_expression.filter = "udp dst port 9999";
    LibpcapSource ports(by_port, {{}, {kPort}, false}), expression(by_expression, {});
    send_udp(kPort, 3);
    send_udp(kPort + 1, 5);
    CHECK(drain(ports).size() == 3);
    CHECK(drain(expression).size() == 3);
  }
}

std::string open_code(const LiveOptions& options, const std::string& words) {
  return code_of(words, [&] { LibpcapSource source(options, {}); });
}

void says_why_it_cannot_open() {
  CHECK(open_code(libpcap("pb-none"), "lo, ") == "ERR_CAPTURE_DEVICE_UNKNOWN");
  auto options = libpcap("lo");
  options.filter = "tcp prot";
  CHECK(open_code(options, "\"tcp prot\"") == "ERR_CAPTURE_FILTER");
  set_up("lo", false);
  CHECK(open_code(libpcap("lo"), "ip link set lo up") == "ERR_CAPTURE_DEVICE_DOWN");
  set_up("lo");
  CHECK(::seteuid(65534) == 0);
  CHECK(open_code(libpcap("lo"), "CAP_NET_RAW") == "ERR_CAPTURE_PERMISSION");
  CHECK(::seteuid(0) == 0);
}

void ends_when_the_device_is_gone() {
  if (!own_network::ip("link add pb-a type veth peer name pb-b")) return;
  set_up("pb-a");
  set_up("pb-b");
  LibpcapSource source(libpcap("pb-b"), {});
  drain(source, 2);
  auto gone = code_of("pb-b", [&] {
    own_network::ip("link del pb-b");
    drain(source, 100);
  });
  CHECK(gone == "ERR_CAPTURE_DEVICE_GONE");
}
#endif

}  // namespace

int main() {
  if (!libpcap_version()) {
    std::printf("skipped: no libpcap on this machine\n");
    return 0;
  }
  CHECK(libpcap_version()->find("libpcap") != std::string::npos);
  compiles_expressions();
  says_what_is_wrong_with_an_expression();
#ifdef __linux__
  if (!own_network::enter()) return 0;
  set_up("lo");
  sees_each_packet_over_loopback_once();
  filters_in_the_kernel();
  says_why_it_cannot_open();
  ends_when_the_device_is_gone();
#endif
}
