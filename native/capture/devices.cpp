#include "capture/devices.h"

#ifndef _WIN32

#include <ifaddrs.h>
#include <net/if.h>

#include <algorithm>
#include <fstream>
#include <map>

#include "capture/socket_address.h"

namespace packetbeat {

namespace {

/// What the administrator called it, or what it plainly is.
std::string description([[maybe_unused]] const std::string& name, bool loopback) {
  std::string alias;
#ifdef __linux__
  if (name.find('/') == std::string::npos)
    std::getline(std::ifstream("/sys/class/net/" + name + "/ifalias"), alias);
#endif
  return alias.empty() && loopback ? "Loopback" : alias;
}

}  // namespace

std::vector<Device> devices() {
  std::map<unsigned, Device> by_index;
  ifaddrs* first = nullptr;
  if (getifaddrs(&first) == 0) {
    for (auto entry = first; entry != nullptr; entry = entry->ifa_next) {
      std::string name = entry->ifa_name;
      if (auto colon = name.find(':'); colon != std::string::npos)
        name.resize(colon);  // an alias, such as eth0:1
      auto index = if_nametoindex(name.c_str());
      if (index == 0) continue;  // gone meanwhile
      auto& device = by_index[index];
      device.name = name;
      device.up = (entry->ifa_flags & IFF_UP) != 0;
      device.loopback = (entry->ifa_flags & IFF_LOOPBACK) != 0;
      if (auto address = text_of(entry->ifa_addr)) device.addresses.push_back(*address);
    }
    freeifaddrs(first);
  }
  std::vector<Device> all;
  for (auto& [index, device] : by_index) {
    device.description = description(device.name, device.loopback);
    all.push_back(std::move(device));
  }
#ifdef __linux__
  all.push_back({"any", "All devices at once", {}, true, false});
#endif
  return all;
}

}  // namespace packetbeat

#endif
