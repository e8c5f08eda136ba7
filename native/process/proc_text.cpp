#include "process/proc_text.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstring>

#include "decode/text.h"

namespace packetbeat {
namespace {

constexpr size_t kKernelName = 15;  // TASK_COMM_LEN without its NUL

template <typename Integer>
bool read_number(std::string_view text, Integer& value, int base = 10) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  return error == std::errc{} && end == text.data() + text.size();
}

/// Takes the next word, up to a space, off `text`; empty at its end.
std::string_view take_word(std::string_view& text) {
  const size_t from = std::min(text.find_first_not_of(' '), text.size());
  text.remove_prefix(from);
  const size_t length = std::min(text.find_first_of(" \n"), text.size());
  const std::string_view word = text.substr(0, length);
  text.remove_prefix(length);
  return word;
}

/// `ADDRESS:PORT` in hexadecimal. The kernel prints an address as 32-bit words in its own byte order.
bool read_end(std::string_view text, Address& address, uint16_t& port) {
  const size_t colon = text.find(':');
  if ((colon != 8 && colon != 32) || !read_number(text.substr(colon + 1), port, 16)) return false;
  for (size_t at = 0; at < colon; at += 8) {
    uint32_t word = 0;
    if (!read_number(text.substr(at, 8), word, 16)) return false;
    std::memcpy(address.bytes.data() + at / 2, &word, sizeof word);
  }
  address.version = colon == 8 ? 4 : 6;
  address = unmapped(address);
  return true;
}

}  // namespace

std::optional<ProcessStat> parse_stat(std::string_view text) {
  // Between the outermost parentheses anything may stand, parentheses and spaces too.
  const size_t open = text.find('('), close = text.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return {};
  ProcessStat stat;
  stat.name = text.substr(open + 1, close - open - 1);
  text.remove_prefix(close + 1);
  constexpr int kState = 3, kParent = 4, kStarted = 22;  // fields count from 1
  for (int field = kState; field <= kStarted; ++field) {
    const std::string_view word = take_word(text);
    if (field == kParent && !read_number(word, stat.parent)) return {};
    if (field == kStarted && !read_number(word, stat.started)) return {};
  }
  return stat;
}

std::vector<std::string> split_arguments(std::string_view text) {
  std::vector<std::string> arguments;
  while (!text.empty()) {
    const size_t length = std::min(text.find('\0'), text.size());
    arguments.emplace_back(text.substr(0, length));
    text.remove_prefix(std::min(length + 1, text.size()));
  }
  // A title that was written over the arguments leaves a tail of NULs.
  while (!arguments.empty() && arguments.back().empty()) arguments.pop_back();
  return arguments;
}

std::string full_name(std::string_view name, const std::vector<std::string>& arguments) {
  if (name.size() < kKernelName || arguments.empty()) return std::string(name);
  std::string_view first = arguments.front();
  first.remove_prefix(first.rfind('/') + 1);  // npos + 1 is 0
  return std::string(first.starts_with(name) ? first : name);
}

uint32_t socket_inode(std::string_view link) {
  constexpr std::string_view kBefore = "socket:[";
  uint32_t inode = 0;
  if (!link.starts_with(kBefore) || !link.ends_with(']')) return 0;
  link.remove_prefix(kBefore.size());
  link.remove_suffix(1);
  return read_number(link, inode) ? inode : 0;
}

std::optional<SocketLine> parse_socket_line(std::string_view line) {
  SocketLine socket;
  take_word(line);  // its number
  if (!read_end(take_word(line), socket.local, socket.port)) return {};
  if (!read_end(take_word(line), socket.peer, socket.peer_port)) return {};
  if (!read_number(take_word(line), socket.state, 16)) return {};
  for (int skipped = 0; skipped < 3; ++skipped) take_word(line);  // queues, timer, retransmissions
  if (!read_number(take_word(line), socket.uid)) return {};
  take_word(line);  // timeout
  if (!read_number(take_word(line), socket.inode)) return {};
  return socket;
}

int32_t last_pid(std::string_view loadavg) {
  int32_t pid = 0;
  for (int skipped = 0; skipped < 4; ++skipped) take_word(loadavg);
  return read_number(take_word(loadavg), pid) ? pid : 0;
}

int32_t leader(std::string_view status) {
  // The name comes before it, with its line ends escaped.
  constexpr std::string_view kBefore = "\nTgid:\t";
  const size_t at = status.find(kBefore);
  if (at == std::string_view::npos) return 0;
  status.remove_prefix(at + kBefore.size());
  int32_t pid = 0;
  return read_number(status.substr(0, status.find('\n')), pid) ? pid : 0;
}

}  // namespace packetbeat
