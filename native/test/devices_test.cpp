#include "capture/devices.h"

#include <algorithm>
#include <sstream>

#include "capture/default_route.h"
#include "check.h"

using namespace packetbeat;

namespace {

void lists_the_loopback_device() {
  auto all = devices();
  auto loopback = std::find_if(all.begin(), all.end(), [](const Device& device) { return device.loopback; });
  CHECK(loopback != all.end() && !loopback->name.empty());
  if (loopback->up) CHECK(std::ranges::count(loopback->addresses, "127.0.0.1") == 1);
#ifdef __linux__
  CHECK(all.back().name == "any" && !all.back().loopback);
  CHECK(all.front().name == "lo");  // index 1
#endif
}

void picks_the_default_route_of_the_lowest_metric() {
  std::istringstream table(
      "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
      "wlan0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n"
      "eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
      "eth1\t00000000\t00000000\t0000\t0\t0\t1\t00000000\t0\t0\t0\n"  // not up
      "eth2\t0000A8C0\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n");
  CHECK(default_route_ipv4(table) == "eth0");
  std::istringstream none("Iface\tDestination\n\n garbage\n");
  CHECK(!default_route_ipv4(none));
}

void picks_the_ipv6_default_route() {
  std::string zero(32, '0'), other = "fe80" + std::string(28, '0');
  std::istringstream table(other + " 40 " + zero + " 00 " + zero +
                           " 00000001 00000001 00000000 00000001 eth9\n" + zero + " 00 " + zero + " 00 " +
                           zero + " ffffffff 00000001 00000000 00200200 lo\n" + zero + " 00 " + zero +
                           " 00 " + other + " 00000400 00000001 00000000 00000003 eth1\n" + zero + " 00 " +
                           zero + " 00 " + other + " 00000064 00000001 00000000 00000003 wlan0\n");
  CHECK(default_route_ipv6(table) == "wlan0");
}

void asks_this_machine() {
  for (auto family : {Family::Ipv4, Family::Ipv6})
    if (auto name = default_route(family)) CHECK(std::ranges::count(devices(), *name, &Device::name) == 1);
}

}  // namespace

int main() {
  lists_the_loopback_device();
  picks_the_default_route_of_the_lowest_metric();
  picks_the_ipv6_default_route();
  asks_this_machine();
}
