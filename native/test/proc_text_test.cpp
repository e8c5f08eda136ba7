#include "process/proc_text.h"

#include <arpa/inet.h>

#include <cstring>
#include <random>
#include <sstream>

#include "check.h"
#include "decode/text.h"
#include "process/proc_net.h"

using namespace packetbeat;

namespace {

const std::string kStat =
    "4242 (a) b (c)) S 17 4242 4242 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654 1 2 3 4 5 6 7 8 9 0\n";

void a_stat_line_is_read_whatever_the_name() {
  const auto stat = parse_stat(kStat);
  CHECK(stat && stat->name == "a) b (c)" && stat->parent == 17 && stat->started == 987654);
  const std::string tail = " S 5 " + kStat.substr(21), odd = "1 (\n) R 0 x)" + tail, nameless = "1 ()" + tail;
  const auto named = parse_stat(odd);
  CHECK(named && named->name == "\n) R 0 x" && named->parent == 5);
  const auto empty = parse_stat(nameless);
  CHECK(empty && empty->name.empty());
}

void what_is_no_stat_line_is_refused() {
  for (const char* text :
       {"", "1", "1 (a", "1 a)", ")(", "1 (a) S", "1 (a) S x 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1"})
    CHECK(!parse_stat(text));
  for (size_t length = 0; length < kStat.size(); ++length)
    parse_stat(std::string_view(kStat).substr(0, length));
}

void arguments_are_split_at_nul() {
  using namespace std::string_view_literals;
  CHECK((split_arguments("nginx\0-c\0a b\0"sv) == std::vector<std::string>{"nginx", "-c", "a b"}));
  CHECK((split_arguments("cut"sv) == std::vector<std::string>{"cut"}));
  CHECK((split_arguments("a\0\0b\0"sv) == std::vector<std::string>{"a", "", "b"}));
  CHECK((split_arguments("nginx: worker process\0\0\0\0"sv) ==
         std::vector<std::string>{"nginx: worker process"}));
  CHECK(split_arguments("").empty() && split_arguments("\0\0"sv).empty());
}

void a_name_that_the_kernel_cut_is_made_whole() {
  CHECK(full_name("short", {"/bin/other"}) == "short");
  CHECK(full_name("a-program-with-", {"/opt/a-program-with-a-long-name", "x"}) ==
        "a-program-with-a-long-name");
  CHECK(full_name("a-program-with-", {"a-program-with-a-long-name"}) == "a-program-with-a-long-name");
  // The arguments are of another: a thread or a title gave the name.
  CHECK(full_name("Chrome_ChildIOT", {"/opt/chrome"}) == "Chrome_ChildIOT");
  CHECK(full_name("a-program-with-", {}) == "a-program-with-" && full_name("", {""}).empty());
}

void links_to_sockets_have_a_number() {
  CHECK(socket_inode("socket:[12345]") == 12345 && socket_inode("socket:[4294967295]") == 4294967295);
  for (const char* link : {"", "socket:[", "socket:[]", "socket:[1", "socket:[x]", "socket:[-1]",
                           "socket:[4294967296]", "pipe:[5]", "/tmp/socket:[5]", "socket:[5] (deleted)"})
    CHECK(socket_inode(link) == 0);
}

void the_last_pid_and_a_threads_leader_are_read() {
  CHECK(last_pid("0.67 0.57 0.74 6/224 3785\n") == 3785);
  CHECK(last_pid("") == 0 && last_pid("0 0 0 0/0 x") == 0 && last_pid("1 2 3") == 0);
  CHECK(leader("Name:\tx\\nTgid:\\t9\nUmask:\t0022\nTgid:\t77\nNgid:\t0\n") == 77);
  CHECK(leader("") == 0 && leader("Tgid:\t7\n") == 0 && leader("a\nTgid:\tx\n") == 0);
}

std::string hexadecimal(const Address& address) {
  std::string text;
  for (size_t at = 0; at < (address.version == 4 ? 4u : 16u); at += 4) {
    uint32_t word;
    std::memcpy(&word, &address.bytes[at], 4);
    char part[9];
    std::snprintf(part, sizeof part, "%08X", word);
    text += part;
  }
  return text;
}

Address ip(const char* text) {
  Address address;
  address.version = std::strchr(text, ':') ? 6 : 4;
  CHECK(inet_pton(address.version == 4 ? AF_INET : AF_INET6, text, address.bytes.data()) == 1);
  return address;
}

std::string line(const Address& local, uint16_t port, const Address& peer, uint16_t peer_port, int state,
                 unsigned inode) {
  char text[256];
  std::snprintf(
      text, sizeof text,
      "  12: %s:%04X %s:%04X %02X 00000000:00000000 00:00000000 00000000  1000        0 %u 1 ffff 100\n",
      hexadecimal(local).c_str(), port, hexadecimal(peer).c_str(), peer_port, state, inode);
  return text;
}

void lines_of_proc_net_are_read() {
  const auto socket = parse_socket_line(line(ip("192.0.2.7"), 80, ip("198.51.100.1"), 41234, 1, 77));
  CHECK(socket && socket->local == ip("192.0.2.7") && socket->port == 80 &&
        socket->peer == ip("198.51.100.1"));
  CHECK(socket->peer_port == 41234 && socket->state == 1 && socket->uid == 1000 && socket->inode == 77);
  const auto mapped = parse_socket_line(line(ip("::ffff:192.0.2.7"), 80, ip("::"), 0, 10, 7));
  CHECK(mapped && mapped->local == ip("192.0.2.7") && mapped->peer == ip("::"));
  const auto v6 = parse_socket_line(line(ip("2001:db8::1"), 53, ip("::"), 0, 7, 8));
  CHECK(v6 && to_text(v6->local) == "2001:db8::1");
}

void hostile_lines_are_refused() {
  const std::string whole = line(ip("192.0.2.7"), 80, ip("198.51.100.1"), 41234, 1, 77);
  CHECK(!parse_socket_line("  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt"));
  for (size_t length = 0; length + 12 < whole.size(); ++length)
    parse_socket_line(std::string_view(whole).substr(0, length));
  std::mt19937 random(7);
  for (int i = 0; i < 20'000; ++i) {
    std::string text = whole;
    for (int changes = 0; changes < 3; ++changes) text[random() % text.size()] = static_cast<char>(random());
    parse_socket_line(text);
    parse_stat(text);
    last_pid(text);
    leader(text);
  }
}

SocketKey key(const char* local, uint16_t port, const char* peer, uint16_t peer_port,
              uint8_t protocol = kTcp) {
  return {ip(local), ip(peer), port, peer_port, protocol};
}

void the_nearest_socket_of_a_table_is_found() {
  const std::string four = line(ip("0.0.0.0"), 80, ip("0.0.0.0"), 0, 10, 1) +
                           line(ip("192.0.2.1"), 80, ip("0.0.0.0"), 0, 10, 2) +
                           line(ip("192.0.2.1"), 80, ip("192.0.2.9"), 5000, 1, 3) +
                           line(ip("192.0.2.1"), 80, ip("192.0.2.9"), 5001, 6, 0);
  const std::string six = line(ip("::"), 81, ip("::"), 0, 10, 4);
  const auto inode = [&](const SocketKey& asked) -> int64_t {
    SocketMatch match(asked);
    std::istringstream tables[2] = {std::istringstream(four), std::istringstream(six)};
    match.read(tables[0], 4);
    match.read(tables[1], 6);
    return match.best() ? int64_t{match.best()->inode} : -1;
  };
  CHECK(inode(key("192.0.2.1", 80, "192.0.2.9", 5000)) == 3);
  CHECK(inode(key("192.0.2.1", 80, "192.0.2.9", 5001)) == 0);  // TIME_WAIT: nobody's
  CHECK(inode(key("192.0.2.1", 80, "192.0.2.9", 5002)) == 2);
  CHECK(inode(key("192.0.2.2", 80, "192.0.2.9", 5002)) == 1);
  CHECK(inode(key("192.0.2.2", 81, "192.0.2.9", 5002)) == 4);  // one socket for both
  CHECK(inode(key("192.0.2.2", 82, "192.0.2.9", 5002)) == -1);
}

}  // namespace

int main() {
  a_stat_line_is_read_whatever_the_name();
  what_is_no_stat_line_is_refused();
  arguments_are_split_at_nul();
  a_name_that_the_kernel_cut_is_made_whole();
  links_to_sockets_have_a_number();
  the_last_pid_and_a_threads_leader_are_read();
  lines_of_proc_net_are_read();
  hostile_lines_are_refused();
  the_nearest_socket_of_a_table_is_found();
}
