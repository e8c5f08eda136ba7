#include "process/proc_net.h"

#include <algorithm>
#include <fstream>
#include <string>

#include "process/proc_text.h"

namespace packetbeat {
namespace {

constexpr uint8_t kTcpListen = 0x0a;

bool is_wildcard(const Address& address) {
  return std::all_of(address.bytes.begin(), address.bytes.end(), [](uint8_t byte) { return byte == 0; });
}

}  // namespace

void SocketMatch::read(std::istream& table, uint8_t version) {
  std::string line;
  while (std::getline(table, line)) {
    const auto socket = parse_socket_line(line);
    if (!socket || socket->port != key_.port) continue;
    const bool listens = key_.protocol == kTcp ? socket->state == kTcpListen : socket->peer_port == 0;
    int rank = 0;
    if (!listens)
      rank = socket->peer_port == key_.peer_port && socket->peer == key_.peer && socket->local == key_.local
                 ? 4
                 : 0;
    else if (socket->local == key_.local)
      rank = 3;
    else if (is_wildcard(socket->local))
      rank = socket->local.version == key_.local.version ? 2 : version == 6 ? 1 : 0;
    if (rank <= rank_) continue;
    rank_ = rank;
    best_ = SocketOwner{socket->inode, socket->uid, listens};
  }
}

std::optional<SocketOwner> find_in_proc_net(const SocketKey& key) {
  SocketMatch match(key);
  const std::string name = key.protocol == kTcp ? "/proc/self/net/tcp" : "/proc/self/net/udp";
  // An IPv4 connection may belong to a socket for both.
  if (key.local.version == 4) {
    std::ifstream table(name);
    match.read(table, 4);
  }
  std::ifstream table(name + '6');
  match.read(table, 6);
  return match.best();
}

}  // namespace packetbeat
