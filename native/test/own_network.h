// A network of our own for the tests that capture: nobody else's packets in it, nobody disturbed by ours.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "check.h"

namespace own_network {

using Bytes = std::vector<uint8_t>;

/// Moves this process into a new network namespace with a loopback device; false, and says why, without the
/// right to.
inline bool enter() {
  if (::unshare(CLONE_NEWNET) != 0) {
    std::printf("skipped: no right to make a network namespace (needs root)\n");
    return false;
  }
  int probe = ::socket(AF_PACKET, SOCK_RAW, 0);
  if (probe < 0) {
    std::printf("skipped: no right to capture (needs CAP_NET_RAW)\n");
    return false;
  }
  ::close(probe);
  return true;
}

/// Runs ip(8); false where it is missing or refuses.
inline bool ip(const std::string& arguments) {
  return std::system(("ip " + arguments + " 2>/dev/null").c_str()) == 0;
}

inline void set_up(const char* device, bool up = true) {
  int socket = ::socket(AF_INET, SOCK_DGRAM, 0);
  ifreq request{};
  std::strncpy(request.ifr_name, device, IFNAMSIZ - 1);
  CHECK(::ioctl(socket, SIOCGIFFLAGS, &request) == 0);
  request.ifr_flags = static_cast<short>(up ? request.ifr_flags | IFF_UP : request.ifr_flags & ~IFF_UP);
  CHECK(::ioctl(socket, SIOCSIFFLAGS, &request) == 0);
  ::close(socket);
}

/// Sends datagrams of `size` bytes over the loopback device to a port where somebody listens, so nobody
/// answers.
inline void send_udp(uint16_t port, int count, size_t size = 100) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int listener = ::socket(AF_INET, SOCK_DGRAM, 0), sender = ::socket(AF_INET, SOCK_DGRAM, 0);
  CHECK(::bind(listener, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0);
  Bytes payload(size, 'x');
  for (int i = 0; i < count; ++i)
    CHECK(::sendto(sender, payload.data(), size, 0, reinterpret_cast<sockaddr*>(&to), sizeof to) ==
          static_cast<long>(size));
  ::close(listener);
  ::close(sender);
}

/// Puts a frame on the wire of a device.
inline void send_frame(const char* device, const Bytes& frame) {
  int socket = ::socket(AF_PACKET, SOCK_RAW, 0);
  sockaddr_ll to{};
  to.sll_family = AF_PACKET;
  to.sll_ifindex = static_cast<int>(if_nametoindex(device));
  to.sll_protocol = htons(static_cast<uint16_t>(frame[12] << 8 | frame[13]));
  CHECK(::sendto(socket, frame.data(), frame.size(), 0, reinterpret_cast<sockaddr*>(&to), sizeof to) ==
        static_cast<long>(frame.size()));
  ::close(socket);
}

/// A device without link-layer headers, and the descriptor to write its packets to; -1 without the right.
inline int open_tun(const char* name) {
  int file = ::open("/dev/net/tun", O_RDWR);
  if (file < 0) return -1;
  ifreq request{};
  std::strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  if (::ioctl(file, TUNSETIFF, &request) == 0) return file;
  ::close(file);
  return -1;
}

}  // namespace own_network
