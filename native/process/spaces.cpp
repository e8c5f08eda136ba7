#include "process/spaces.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <unordered_set>

#include "process/proc_net.h"

namespace packetbeat {
namespace {

using Clock = std::chrono::steady_clock;

/// New namespaces are looked for at most that often, and for a twentieth of the time at most.
constexpr auto kLookEvery = std::chrono::milliseconds(250);
constexpr int kLookShare = 20;

bool is_loopback(const Address& address) {
  if (address.version == 4) return address.bytes[0] == 127;
  static constexpr std::array<uint8_t, 16> kOne{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  return address.version == 6 && address.bytes == kOne;
}

/// Addresses of the namespace that the thread is in.
std::vector<Address> addresses(size_t most) {
  std::vector<Address> all;
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) return all;
  for (const ifaddrs* entry = first; entry != nullptr && all.size() < most; entry = entry->ifa_next) {
    if (entry->ifa_addr == nullptr) continue;
    Address address;
    if (entry->ifa_addr->sa_family == AF_INET) {
      address.version = 4;
      std::memcpy(address.bytes.data(), &reinterpret_cast<const sockaddr_in*>(entry->ifa_addr)->sin_addr, 4);
    } else if (entry->ifa_addr->sa_family == AF_INET6) {
      address.version = 6;
      std::memcpy(address.bytes.data(), &reinterpret_cast<const sockaddr_in6*>(entry->ifa_addr)->sin6_addr,
                  16);
    } else {
      continue;
    }
    all.push_back(address);
  }
  ::freeifaddrs(first);
  return all;
}

}  // namespace

Spaces::Spaces(ProcessTable& table, bool netlink)
    : table_(table),
      diag_(netlink ? SockDiag::open() : nullptr),
      own_file_(::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)) {
  if (diag_ && !diag_->works()) diag_.reset();
  spaces_.push_back({table_.network_namespace(static_cast<int32_t>(::getpid())), 0});
  read_own();
}

Spaces::~Spaces() {
  if (own_file_ >= 0) ::close(own_file_);
}

void Spaces::read_own() {
  own_.clear();
  for (const Address& address : addresses(SIZE_MAX)) own_.emplace(address, here_);
}

void Spaces::follow() {
  if (!changes_.any()) return;
  read_own();
  next_look_ = std::min(next_look_, soon_);  // an interface of a container, perhaps
}

const Spaces::Found& Spaces::of(const Address& address) {
  if (is_loopback(address) || own_.contains(address)) return here_;
  const auto found = others_.find(address);
  return found == others_.end() ? nowhere_ : found->second;
}

bool Spaces::look() {
  const auto began = Clock::now();
  if (!may_enter_ || own_file_ < 0 || began < next_look_) return false;
  ++counters_.looked;
  stale_ = false;
  std::unordered_set<uint32_t> seen{0, spaces_.front().inode};
  spaces_.resize(1);
  others_.clear();
  counters_.over = 0;
  auto pids = table_.all();
  // The first process of a namespace is what lasts in it: a container's own.
  std::reverse(pids.begin(), pids.end());
  for (const int32_t pid : pids) {
    const uint32_t inode = table_.network_namespace(pid);
    if (!seen.insert(inode).second) continue;
    if (spaces_.size() > kSpaces) {
      ++counters_.over;
      continue;
    }
    const Space space{inode, pid};
    std::vector<Address> theirs;
    if (!inside(space, [&theirs] { theirs = addresses(kAddresses); })) continue;
    const auto index = static_cast<Index>(spaces_.size());
    spaces_.push_back(space);
    for (const Address& address : theirs)
      if (!is_loopback(address)) others_[address].push_back(index);
  }
  counters_.known = spaces_.size() - 1;
  const auto ended = Clock::now();
  soon_ = ended + std::max<Clock::duration>(kLookEvery / 10, (ended - began) * kLookShare);
  next_look_ = std::max(soon_, ended + kLookEvery);
  return true;
}

bool Spaces::inside(const Space& space, const std::function<void()>& act) {
  if (!may_enter_) return false;
  const std::string path = "/proc/" + std::to_string(space.pid) + "/ns/net";
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    next_look_ = std::min(next_look_, soon_);
    stale_ = true;
    return false;
  }
  const bool entered = ::setns(file, CLONE_NEWNET) == 0;
  if (!entered && errno == EPERM) ++counters_.denied;
  ::close(file);
  if (!entered) return false;
  act();
  // Should the way back be closed, nothing that is seen from here on would be ours.
  if (::setns(own_file_, CLONE_NEWNET) != 0) may_enter_ = false;
  return true;
}

std::optional<SocketOwner> Spaces::find(Index space, const SocketKey& key) {
  if (space == 0) return diag_ ? diag_->find(key) : find_in_proc_net(key);
  std::optional<SocketOwner> owner;
  if (space >= spaces_.size()) return owner;
  inside(spaces_[space], [&owner, &key] {
    if (const auto diag = SockDiag::open()) owner = diag->find(key);
  });
  return owner;
}

}  // namespace packetbeat
