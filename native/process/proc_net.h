// Finds sockets in /proc/net, for where the kernel may not be asked.
#pragma once

#include <istream>
#include <optional>

#include "process/sock_diag.h"

namespace packetbeat {

/// As `SockDiag::find`, in the tables of this process's namespace. Reads them whole: slow with many sockets.
std::optional<SocketOwner> find_in_proc_net(const SocketKey& key);

/// Keeps the best match of a table: the connection's own socket, else one that listens on the address, else
/// one that listens on all.
class SocketMatch {
 public:
  explicit SocketMatch(const SocketKey& key) : key_(key) {}
  void read(std::istream& table, uint8_t version);
  std::optional<SocketOwner> best() const { return best_; }

 private:
  const SocketKey key_;
  std::optional<SocketOwner> best_;
  int rank_ = 0;
};

}  // namespace packetbeat
