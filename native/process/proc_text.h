// What files of /proc say. Pure: text in, values out. Names and arguments in them are anybody's to choose.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "decode/packet.h"

namespace packetbeat {

/// Of /proc/PID/stat, proc(5).
struct ProcessStat {
  std::string_view name;
  int32_t parent = 0;
  uint64_t started = 0;  // clock ticks since boot
};
std::optional<ProcessStat> parse_stat(std::string_view text);

/// Arguments of /proc/PID/cmdline, each ended by NUL; a process that wrote over them may have left none.
std::vector<std::string> split_arguments(std::string_view text);

/// The name in full: the kernel keeps 15 bytes of it, the rest may be had from the first argument.
std::string full_name(std::string_view name, const std::vector<std::string>& arguments);

/// The number in `socket:[NUMBER]`, where a link of /proc/PID/fd leads; 0 for any other.
uint32_t socket_inode(std::string_view link);

/// A line of /proc/net/tcp, tcp6, udp or udp6.
struct SocketLine {
  Address local{}, peer{};  // IPv4 where it is mapped into IPv6
  uint16_t port = 0, peer_port = 0;
  uint8_t state = 0;
  uint32_t uid = 0, inode = 0;
};
/// Nothing for the heading and for what is not such a line.
std::optional<SocketLine> parse_socket_line(std::string_view line);

/// The number of the last process or thread that was made, from /proc/loadavg; 0 when it does not say.
int32_t last_pid(std::string_view loadavg);

/// The process that a thread belongs to, from /proc/TID/status; 0 when it does not say.
int32_t leader(std::string_view status);

}  // namespace packetbeat
