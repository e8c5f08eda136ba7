#include "process/address_changes.h"

#ifdef __linux__

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace packetbeat {

AddressChanges::AddressChanges() {
  const int file = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
  if (file < 0) return;
  sockaddr_nl groups{};
  groups.nl_family = AF_NETLINK;
  groups.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR;
  if (::bind(file, reinterpret_cast<sockaddr*>(&groups), sizeof groups) == 0)
    file_ = file;
  else
    ::close(file);
}

AddressChanges::~AddressChanges() {
  if (file_ >= 0) ::close(file_);
}

bool AddressChanges::any() {
  if (file_ < 0) return true;
  bool changed = false;
  char message[4096];
  // What they say does not matter: whoever asks reads all addresses anew. An overflow (ENOBUFS) is a change,
  // too.
  for (int read = 0; read < 256; ++read) {
    const ssize_t length = ::recv(file_, message, sizeof message, MSG_TRUNC);
    if (length >= 0 || errno == ENOBUFS)
      changed = true;
    else if (errno != EINTR)
      break;
  }
  return changed;
}

}  // namespace packetbeat

#else

namespace packetbeat {

AddressChanges::AddressChanges() = default;
AddressChanges::~AddressChanges() = default;
bool AddressChanges::any() {
  return true;
}

}  // namespace packetbeat

#endif
