#include "capture/default_route.h"

#include <cstdint>
#include <fstream>
#include <sstream>

#include "capture/devices.h"

#if !defined(__linux__) && !defined(_WIN32)
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#endif

namespace packetbeat {

namespace {

constexpr uint32_t kUp = 1, kReject = 0x200;  // RTF_UP, RTF_REJECT

/// Keeps the best of the routes it is shown.
struct Best {
  std::optional<std::string> device;
  uint32_t metric = 0;

  void consider(const std::string& name, uint32_t route_flags, uint32_t route_metric) {
    if ((route_flags & (kUp | kReject)) != kUp || name == "lo") return;
    if (device && route_metric >= metric) return;
    device = name;
    metric = route_metric;
  }
};

}  // namespace

std::optional<std::string> default_route_ipv4(std::istream& table) {
  Best best;
  std::string line;
  while (std::getline(table, line)) {
    std::istringstream columns(line);
    std::string name, destination, gateway, mask;
    uint32_t flags, references, uses, metric;
    columns >> name >> destination >> gateway >> std::hex >> flags >> std::dec >> references >> uses >>
        metric >> mask;
    if (columns && destination == "00000000" && mask == "00000000") best.consider(name, flags, metric);
  }
  return best.device;
}

std::optional<std::string> default_route_ipv6(std::istream& table) {
  Best best;
  std::string line;
  while (std::getline(table, line)) {
    std::istringstream columns(line);
    std::string destination, length, source, source_length, hop, name;
    uint32_t metric, references, uses, flags;
    columns >> destination >> length >> source >> source_length >> hop >> std::hex >> metric >> references >>
        uses >> flags >> name;
    if (columns && destination == std::string(32, '0') && length == "00") best.consider(name, flags, metric);
  }
  return best.device;
}

#if defined(__linux__)

std::optional<std::string> default_route(Family family) {
  bool ipv4 = family == Family::Ipv4;
  std::ifstream table(ipv4 ? "/proc/net/route" : "/proc/net/ipv6_route");
  return ipv4 ? default_route_ipv4(table) : default_route_ipv6(table);
}

#elif !defined(_WIN32)

/// Connecting a datagram socket sends nothing, but picks the address, and so the device, that a packet would
/// leave by.
std::optional<std::string> default_route(Family family) {
  int domain = family == Family::Ipv4 ? AF_INET : AF_INET6;
  sockaddr_storage address{};
  auto ipv4 = reinterpret_cast<sockaddr_in*>(&address);
  auto ipv6 = reinterpret_cast<sockaddr_in6*>(&address);
  address.ss_family = static_cast<sa_family_t>(domain);
  // Addresses of the documentation: nothing but a default route leads there.
  domain == AF_INET ? inet_pton(domain, "192.0.2.1", &ipv4->sin_addr)
                    : inet_pton(domain, "2001:db8::1", &ipv6->sin6_addr);
  ipv4->sin_port = htons(9);  // both have it in the same place
  socklen_t length = domain == AF_INET ? sizeof *ipv4 : sizeof *ipv6;
  int file = ::socket(domain, SOCK_DGRAM, 0);
  if (file < 0) return std::nullopt;
  bool found = ::connect(file, reinterpret_cast<sockaddr*>(&address), length) == 0 &&
               ::getsockname(file, reinterpret_cast<sockaddr*>(&address), &length) == 0;
  ::close(file);
  char text[INET6_ADDRSTRLEN];
  const void* own = domain == AF_INET ? static_cast<const void*>(&ipv4->sin_addr) : &ipv6->sin6_addr;
  if (!found || !inet_ntop(domain, own, text, sizeof text)) return std::nullopt;
  for (const auto& device : devices())
    for (const auto& mine : device.addresses)
      if (mine == text) return device.name;
  return std::nullopt;
}

#endif

}  // namespace packetbeat
