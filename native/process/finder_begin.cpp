// How look-ups begin: with a packet that opens a connection, or with a question; and what the kernel says of
// its socket.
#include <algorithm>
#include <utility>

#include "process/finder.h"

namespace packetbeat {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A look-up that has not ended by then ends without an answer: nobody's event waits longer.
constexpr auto kPatience = seconds(1);
constexpr auto kAnew = seconds(1);
/// Openings taken in one go. More is a flood: then we look away for a while, and the kernel throws them away.
constexpr int kOpenings = 512;
constexpr auto kLookAway = milliseconds(100);
constexpr auto kServerFresh = milliseconds(50);
}  // namespace

/// Connections that begin, before anybody asks for them.
void ProcessFinder::hear() {
  const auto now = Clock::now();
  if (!early_ || now < ignore_early_until_) return;
  int heard = 0;
  const bool poor = budget_.empty(now);
  std::vector<Endpoints> openings;
  for (const int file : early_->files())
    while (const auto ends = early_->next(file)) {
      if (++heard > kOpenings) {
        ignore_early_until_ = now + kLookAway;
        break;
      }
      if (poor) continue;
      begin_early(*ends, 0, now);
      openings.push_back(*ends);
    }
  // Who asks may be gone in a moment; who is asked stays. But which process of a server accepts can be seen
  // only while the connection lasts, too.
  const auto before_search = Clock::now();
  search();
  const auto searched = Clock::now();
  for (const Endpoints& ends : openings) begin_early(ends, 1, searched);
  budget_.spend(Clock::now() - searched + (before_search - now));
}

void ProcessFinder::begin_early(const Endpoints& ends, unsigned side, Clock::time_point now) {
  Lookup lookup;
  lookup.side = side;
  lookup.key = key_of(ends, side);
  if (spaces_->stale()) spaces_->look();
  const Spaces::Found spaces = spaces_->of(lookup.key.local);
  if (spaces.empty()) return;
  if (const Seen* const earlier = seen(lookup.key)) {
    // Datagrams go on, SYNs are sent again, and on a loopback device each packet passes twice. The same ports
    // are not used anew within a second.
    if (lookup.key.protocol == kUdp || now - earlier->time < kAnew) return;
    forget(lookup.key);
  }
  ++counters_.early;
  begin_side(std::move(lookup), spaces);
}

void ProcessFinder::take_questions() {
  {
    std::lock_guard lock(mutex_);
    heard_.swap(queue_);
  }
  for (const Request& request : heard_) begin(request);
  heard_.clear();
}

void ProcessFinder::begin(const Request& request) {
  const std::array<SocketKey, 2> keys{key_of(request.ends, 0), key_of(request.ends, 1)};
  if (spaces_->of(keys[0].local).empty() || spaces_->of(keys[1].local).empty() || spaces_->stale())
    spaces_->look();
  for (unsigned side = 0; side < 2; ++side) {
    // Copied: to look for more of them would take it away.
    const Spaces::Found spaces = spaces_->of(keys[side].local);
    if (spaces.empty()) {
      ++counters_.not_local;
      answers_.tell(request.ticket, side, nullptr, true);
      continue;
    }
    Lookup lookup;
    lookup.ticket = request.ticket;
    lookup.side = side;
    lookup.key = keys[side];
    ++counters_.looked_up;
    begin_side(std::move(lookup), spaces);
  }
}

ProcessFinder::Seen* ProcessFinder::seen(const SocketKey& key) {
  const auto now = Clock::now();
  while (!ages_.empty() && (now - ages_.front().time > kSeenFor || ages_.size() > kSockets)) {
    const auto old = sockets_.find(ages_.front().key);
    if (old != sockets_.end() && old->second.serial == ages_.front().serial) forget(ages_.front().key);
    ages_.pop_front();
  }
  const auto found = sockets_.find(key);
  return found == sockets_.end() ? nullptr : &found->second;
}

ProcessFinder::Seen& ProcessFinder::note(const SocketKey& key) {
  Seen& seen = sockets_[key];
  seen = {};
  seen.serial = ++serial_;
  seen.time = Clock::now();
  ages_.push_back({key, seen.serial, seen.time});
  return seen;
}

void ProcessFinder::begin_side(Lookup lookup, const Spaces::Found& spaces) {
  if (searching_.size() >= kLookups) {
    ++counters_.crowded;
    return miss(lookup);
  }
  if (lookup.until == Clock::time_point{}) lookup.until = Clock::now() + kPatience;
  if (const Seen* const earlier = seen(lookup.key)) {
    if (earlier->process) return end(lookup, earlier->process);
    lookup.inode = earlier->inode;
    lookup.listens = earlier->listens;
    lookup.space = earlier->space;
  } else {
    auto owner = ask_kernel(lookup, spaces);
    if (!owner && spaces_->stale() && spaces_->look())
      owner = ask_kernel(lookup, spaces_->of(lookup.key.local));
    if (!spaces_->by_netlink()) ++counters_.proc_net;
    if (!owner && spaces_->stale() && lookup.ticket != 0 && refining_.size() < kLookups) {
      refining_.emplace(spaces_->due(),
                        std::move(lookup));  // its namespace is not known any more, or not yet again
      return;
    }
    if (!owner) {
      ++counters_.closed;
      return miss(lookup);
    }
    lookup.inode = owner->inode;
    lookup.listens = owner->listens;
    Seen& now = note(lookup.key);
    now.inode = lookup.inode;
    now.listens = lookup.listens;
    now.space = lookup.space;
  }
  if (lookup.space != 0 && lookup.ticket != 0) ++counters_.elsewhere;
  if (settle(lookup)) return;
  searching_.push_back(std::move(lookup));
  fresh_ = true;
}

/// Of a busy server each connection asks for it.
std::optional<SocketOwner> ProcessFinder::find_listener(Spaces::Index space, const SocketKey& key) {
  const auto now = Clock::now();
  const auto present = servers_.find(key);
  if (present != servers_.end() && present->second.space == space &&
      now - present->second.time < kServerFresh)
    return present->second.owner;
  const auto owner = spaces_->find(space, key);
  if (!owner || owner->inode == 0) return owner;
  if (servers_.size() >= kListeners) servers_.clear();
  servers_[key] = {*owner, space, now};
  return owner;
}

/// The socket of the connection, or of who listens; nothing when no process has one. Fills in where it is.
std::optional<SocketOwner> ProcessFinder::ask_kernel(Lookup& lookup, const Spaces::Found& spaces) {
  std::optional<SocketOwner> listening;
  int listeners = 0;
  for (const Spaces::Index space : spaces) {
    // A connection that begins just now is at most half there on the side that is asked; and who asks does
    // not listen.
    const bool begins = lookup.ticket == 0;
    const bool asked = begins && lookup.side == 1 && lookup.key.protocol == kTcp;
    auto owner = asked ? std::nullopt : spaces_->find(space, lookup.key);
    // A server's connection may not be accepted yet, be closed already, or be one of ten thousand that its
    // process has: it is looked for by who listens, and by who is seen to have accepted it.
    const bool is_server = !owner || owner->inode == 0 || (lookup.key.protocol == kTcp && !owner->listens);
    if (is_server && (!begins || lookup.side == 1)) {
      const auto server = find_listener(space, lookup.key.listener());
      if (server && server->inode != 0 && server->listens) owner = server;
    }
    if (!owner || owner->inode == 0) continue;
    lookup.space = space;
    if (!owner->listens) return owner;
    listening = owner;
    ++listeners;
  }
  // Of several namespaces with that address only one has the connection.
  return listeners == 1 ? listening : std::nullopt;
}

}  // namespace packetbeat
