// Addresses as the system's calls have them.
#pragma once

#ifdef _WIN32
#include <winsock2.h>
#include <ws2tcpip.h>
#else
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#endif

#include <optional>
#include <string>

namespace packetbeat {

/// The text of an IPv4 or IPv6 address; nothing for none and for those of another family.
inline std::optional<std::string> text_of(const sockaddr* address) {
  char text[INET6_ADDRSTRLEN];
  if (address == nullptr) return std::nullopt;
  if (address->sa_family == AF_INET) {
    auto at = reinterpret_cast<const sockaddr_in*>(address);
    return inet_ntop(AF_INET, &at->sin_addr, text, sizeof text);
  }
  if (address->sa_family == AF_INET6) {
    auto at = reinterpret_cast<const sockaddr_in6*>(address);
    return inet_ntop(AF_INET6, &at->sin6_addr, text, sizeof text);
  }
  return std::nullopt;
}

}  // namespace packetbeat
