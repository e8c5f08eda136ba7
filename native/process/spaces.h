// The network namespaces of this machine, and which addresses are theirs.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "process/address_changes.h"
#include "process/process_table.h"
#include "process/sock_diag.h"

namespace packetbeat {

struct AddressHash {
  size_t operator()(const Address& address) const {
    return std::hash<std::string_view>()(
        {reinterpret_cast<const char*>(address.bytes.data()), address.bytes.size()});
  }
};

/// One thread: it enters other namespaces and comes back. Of theirs it holds nothing open: whoever held a
/// file of a namespace would keep it alive after its container is gone.
class Spaces {
 public:
  struct Counters {
    uint64_t looked = 0;  // times all processes were asked for their namespace
    uint64_t known = 0;   // namespaces beside our own
    uint64_t over = 0;    // that were left out, because there are too many
    uint64_t denied = 0;  // that may not be entered
  };
  static constexpr size_t kSpaces = 256;      // beside our own
  static constexpr size_t kAddresses = 4096;  // of one of them

  using Index = uint32_t;  // 0: our own
  using Found = std::vector<Index>;

  /// `netlink`: sockets are asked for by sock_diag where that works, else read from /proc/net.
  Spaces(ProcessTable& table, bool netlink);
  ~Spaces();

  /// Where the address is: in our own namespace, else in others; empty: not on this machine, as far as is
  /// known.
  const Found& of(const Address& address);
  /// Looks for new namespaces, if that is due. True: it has, and indices are others than before.
  bool look();
  /// Whether a namespace could not be entered since the last look: the process that it was known by is gone,
  /// but others may be in it.
  bool stale() const { return stale_; }
  /// When the next look is due.
  std::chrono::steady_clock::time_point due() const { return next_look_; }
  /// Reads our own addresses anew after a change.
  void follow();
  /// The connection's socket, or the one that listens, as seen in that namespace.
  std::optional<SocketOwner> find(Index space, const SocketKey& key);
  bool by_netlink() const { return diag_ != nullptr; }
  int changes_file() const { return changes_.file(); }
  const Counters& counters() const { return counters_; }

 private:
  struct Space {
    uint32_t inode = 0;
    int32_t pid = 0;  // a process in it
  };

  /// Calls `act` in a namespace, on this thread. False: it may not be entered, or is gone.
  bool inside(const Space& space, const std::function<void()>& act);
  void read_own();

  ProcessTable& table_;
  std::unique_ptr<SockDiag> diag_;
  AddressChanges changes_;
  int own_file_ = -1;  // our namespace, to come back to
  bool may_enter_ = true, stale_ = false;
  std::vector<Space> spaces_;  // the first is our own
  std::unordered_map<Address, Found, AddressHash> own_, others_;
  const Found here_{0}, nowhere_{};
  std::chrono::steady_clock::time_point next_look_{}, soon_{};  // when one is due; when, should there be need
  Counters counters_;
};

}  // namespace packetbeat
