// Users and groups by name, and giving up root for one of them. POSIX; elsewhere nobody is found.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace packetbeat {

struct User {
  uint32_t id;
  uint32_t group;
  std::vector<uint32_t> groups;  // all of them, `group` included
};

/// By name, from wherever this system has its users (getpwnam_r(3)).
std::optional<User> find_user(const std::string& name);
std::optional<uint32_t> find_group(const std::string& name);

/// For a process whose effective user is not root any more, but whose real one is: lets the calling thread
/// open captures, or no longer. Linux: makes CAP_NET_RAW and CAP_NET_ADMIN effective, as far as they are
/// permitted.
/// @throws std::system_error
void allow_capture(bool allowed);

/// All threads: the effective user and group become the real and saved ones, too, and capabilities are lost.
/// @throws std::system_error
void give_up_root();

}  // namespace packetbeat
