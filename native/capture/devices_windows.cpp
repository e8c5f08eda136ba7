#include "capture/devices.h"

#ifdef _WIN32

#include <iphlpapi.h>
#include <winsock2.h>
#include <ws2tcpip.h>

#include "capture/libpcap.h"
#include "capture/socket_address.h"

namespace packetbeat {

namespace {

/// Npcap calls the adapter {GUID} by this and its GUID.
constexpr const char* kNpcapPrefix = "\\Device\\NPF_";

std::optional<std::string> guid_of(NET_IFINDEX index) {
  NET_LUID luid;
  GUID guid;
  OLECHAR wide[40];
  if (ConvertInterfaceIndexToLuid(index, &luid) != NO_ERROR) return std::nullopt;
  if (ConvertInterfaceLuidToGuid(&luid, &guid) != NO_ERROR) return std::nullopt;
  const int length = StringFromGUID2(guid, wide, 40);
  if (length == 0) return std::nullopt;
  return std::string(wide, wide + length - 1);  // ASCII
}

}  // namespace

/// Npcap's own list: only what it calls a device can be captured on, and only it knows the names.
std::vector<Device> devices() {
  constexpr uint32_t loopback = 1, up = 2;
  std::vector<Device> all;
  const auto& api = Libpcap::get();
  char error[256];
  LibpcapDevice* first = nullptr;
  if (api.findalldevs(&first, error) != 0) return all;
  for (auto entry = first; entry != nullptr; entry = entry->next) {
    auto& device = all.emplace_back();
    device.name = entry->name;
    if (entry->description != nullptr) device.description = entry->description;
    device.up = (entry->flags & up) != 0;
    device.loopback = (entry->flags & loopback) != 0;
    for (auto address = entry->addresses; address != nullptr; address = address->next)
      if (auto text = text_of(address->address)) device.addresses.push_back(*text);
  }
  api.freealldevs(first);
  return all;
}

/// The adapter of the best route to an address of the documentation: nothing but a default route leads there.
std::optional<std::string> default_route(Family family) {
  sockaddr_in ipv4{};
  sockaddr_in6 ipv6{};
  ipv4.sin_family = AF_INET;
  ipv6.sin6_family = AF_INET6;
  inet_pton(AF_INET, "192.0.2.1", &ipv4.sin_addr);
  inet_pton(AF_INET6, "2001:db8::1", &ipv6.sin6_addr);
  auto somewhere =
      family == Family::Ipv4 ? reinterpret_cast<sockaddr*>(&ipv4) : reinterpret_cast<sockaddr*>(&ipv6);
  DWORD index = 0;
  if (GetBestInterfaceEx(somewhere, &index) != NO_ERROR) return std::nullopt;
  auto guid = guid_of(index);
  return guid ? std::optional(kNpcapPrefix + *guid) : std::nullopt;
}

}  // namespace packetbeat

#endif
