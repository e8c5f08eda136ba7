// The interfaces of this machine.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace packetbeat {

struct Device {
  std::string name;
  std::string description;
  std::vector<std::string> addresses;
  bool up = false;
  bool loopback = false;
};

enum class Family { Ipv4, Ipv6 };

/// All interfaces in the order of their system index; on Linux `any` comes last.
std::vector<Device> devices();

/// Name of the device that the default route leaves by; nothing where there is none.
std::optional<std::string> default_route(Family family);

}  // namespace packetbeat
