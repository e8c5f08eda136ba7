// How look-ups end: whose socket it is, and who took the connection from the one that listened.
#include <algorithm>
#include <array>
#include <utility>

#include "process/finder.h"

namespace packetbeat {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Waits between looks for who accepted a connection: it may be over within a millisecond, and a busy server
/// takes its time. After the last one it stays with the listener.
constexpr std::array<std::chrono::microseconds, 4> kLooks{std::chrono::microseconds(200), milliseconds(1),
                                                          milliseconds(4), milliseconds(35)};
/// Who listens is looked up anew after that: a server may have made others.
constexpr auto kListenerFresh = seconds(30);
constexpr auto kChildrenFresh = milliseconds(3);
constexpr size_t kChildren = 1024;

}  // namespace

bool ProcessFinder::settle(Lookup& lookup) {
  ProcessPointer process;
  if (!lookup.listens) {
    process = table_->known(lookup.inode);
  } else if (const auto present = listeners_.find(lookup.inode);
             present != listeners_.end() && Clock::now() - present->second.read < kListenerFresh) {
    const ProcessPointer& oldest = present->second.oldest;
    process = table_->describe(oldest->pid);
    if (!process || process->started != oldest->started) {
      process = nullptr;
      listeners_.erase(present);
    }
  }
  if (!process) return false;
  found(std::move(lookup), process);
  return true;
}

void ProcessFinder::settle_searching() {
  std::deque<Lookup> left;
  for (Lookup& lookup : searching_)
    if (!settle(lookup)) left.push_back(std::move(lookup));
  searching_ = std::move(left);
}

void ProcessFinder::search() {
  if (searching_.empty()) return;
  const auto began = Clock::now();
  if (!budget_.empty(began)) {
    search_connections();
    if (fresh_) search_listeners();
    fresh_ = false;
    budget_.spend(Clock::now() - began);
  }
  std::erase_if(searching_, [&](const Lookup& lookup) {
    if (began < lookup.until) return false;
    ++counters_.late;
    miss(lookup);
    return true;
  });
}

void ProcessFinder::search_connections() {
  ProcessTable::Wanted wanted;
  for (const Lookup& lookup : searching_)
    if (!lookup.listens) wanted.try_emplace(lookup.inode);
  if (wanted.empty()) return;
  table_->search_likely(wanted);
  settle_searching();
  std::erase_if(wanted, [](const auto& each) { return !each.second.pids.empty(); });
  if (wanted.empty() || !fresh_) return;
  // To search all processes takes milliseconds: not for a socket that is gone with its process.
  std::erase_if(searching_, [&](const Lookup& lookup) {
    if (lookup.listens) return false;
    const auto owner = spaces_->find(lookup.space, lookup.key);
    if (owner && owner->inode == lookup.inode) return false;
    wanted.erase(lookup.inode);
    ++counters_.closed;
    miss(lookup);
    return true;
  });
  if (wanted.empty() || !table_->search_all(wanted, false)) return;
  settle_searching();
  // Nobody has it: it was closed meanwhile, its process may not be looked into, or the kernel itself uses it.
  std::erase_if(searching_, [&](const Lookup& lookup) {
    if (lookup.listens || !wanted.contains(lookup.inode)) return false;
    miss(lookup);
    return true;
  });
}

void ProcessFinder::search_listeners() {
  ProcessTable::Wanted wanted;
  for (const Lookup& lookup : searching_)
    if (lookup.listens) wanted.try_emplace(lookup.inode);
  if (wanted.empty()) return;
  const bool complete = table_->search_all(wanted, true);
  for (auto& [inode, holders] : wanted) {
    std::vector<ProcessPointer> processes;
    for (const int32_t pid : holders.pids)
      if (auto process = table_->describe(pid)) processes.push_back(std::move(process));
    std::sort(processes.begin(), processes.end(), [](const ProcessPointer& a, const ProcessPointer& b) {
      return a->started != b->started ? a->started < b->started : a->pid < b->pid;
    });
    if (processes.empty()) continue;
    if (listeners_.size() >= kListeners) listeners_.clear();
    Listener& listener = listeners_[inode];
    listener = {{}, processes.front(), Clock::now()};
    for (const ProcessPointer& process : processes) listener.pids.push_back(process->pid);
  }
  settle_searching();
  if (!complete) return;
  std::erase_if(searching_, [&](const Lookup& lookup) {
    if (!lookup.listens || !wanted.contains(lookup.inode)) return false;
    miss(lookup);
    return true;
  });
}

void ProcessFinder::found(Lookup lookup, const ProcessPointer& process) {
  const bool may_be_taken = lookup.listens && lookup.key.protocol == kTcp;
  if (!may_be_taken || refining_.size() >= kLookups) return end(lookup, process);
  make_known(lookup.key, process, false);
  if (lookup.ticket != 0) answers_.tell(lookup.ticket, lookup.side, process, false);
  lookup.listener = process;
  look_again(std::move(lookup));
}

void ProcessFinder::make_known(const SocketKey& key, const ProcessPointer& process, bool final) {
  const auto present = sockets_.find(key);
  if (present == sockets_.end() || present->second.process) return;
  if (final) present->second.process = process;
  std::lock_guard lock(mutex_);
  known_.insert_or_assign(key, Known{process, present->second.time, final});
}

void ProcessFinder::look_again(Lookup lookup) {
  if (lookup.tries >= kLooks.size()) return end(lookup, lookup.listener);
  const auto when = Clock::now() + kLooks[lookup.tries++];
  refining_.emplace(when, std::move(lookup));
}

void ProcessFinder::end(const Lookup& lookup, const ProcessPointer& process) {
  make_known(lookup.key, process, true);
  if (lookup.ticket == 0) return;
  ++counters_.found;
  ++(lookup.listens ? counters_.by_listener : counters_.by_connection);
  answers_.tell(lookup.ticket, lookup.side, process, true);
}

void ProcessFinder::miss(const Lookup& lookup) {
  if (lookup.ticket == 0) return;
  ++counters_.missed;
  answers_.tell(lookup.ticket, lookup.side, nullptr, true);
}

const std::vector<int32_t>& ProcessFinder::children(int32_t pid) {
  const auto now = Clock::now();
  if (children_.size() > kChildren) children_.clear();
  auto& [pids, read] = children_[pid];
  if (now - read > kChildrenFresh) {
    pids = table_->children(pid);
    read = now;
  }
  return pids;
}

std::vector<int32_t> ProcessFinder::acceptors(const Lookup& lookup) {
  std::vector<int32_t> pids{lookup.listener->pid};
  if (const auto present = listeners_.find(lookup.inode); present != listeners_.end())
    pids = present->second.pids;
  const size_t listeners = pids.size();
  for (size_t i = 0; i < listeners && pids.size() < ProcessTable::kHolders; ++i) {
    const auto& made = children(pids[i]);
    pids.insert(pids.end(), made.begin(), made.end());
  }
  if (pids.size() == 1) return {};
  std::sort(pids.rbegin(), pids.rend());
  pids.erase(std::unique(pids.begin(), pids.end()), pids.end());
  return pids;
}

/// One whose namespace had to be looked for.
void ProcessFinder::begin_again(Lookup lookup) {
  spaces_->look();
  const Spaces::Found spaces = spaces_->of(lookup.key.local);
  if (spaces.empty() || Clock::now() >= lookup.until) return miss(lookup);
  begin_side(std::move(lookup), spaces);
}

void ProcessFinder::refine() {
  const auto now = Clock::now();
  if (refining_.empty() || refining_.begin()->first > now) return;
  const bool poor = budget_.empty(now);
  std::vector<Lookup> accepted;
  ProcessTable::Wanted wanted;
  std::vector<int32_t> among;
  while (!refining_.empty() && refining_.begin()->first <= now) {
    Lookup lookup = std::move(refining_.extract(refining_.begin()).mapped());
    if (!lookup.listener) {
      begin_again(std::move(lookup));
      continue;
    }
    if (poor) {
      end(lookup, lookup.listener);
      continue;
    }
    const auto pids = acceptors(lookup);
    const auto owner = pids.empty() ? std::nullopt : spaces_->find(lookup.space, lookup.key);
    const bool open_still = owner && !owner->listens && !owner->closed;
    if (open_still ? owner->inode == 0 : lookup.tries <= (pids.empty() ? kLooks.size() : 1)) {
      look_again(std::move(lookup));
    } else if (!open_still) {
      end(lookup, lookup.listener);
    } else {
      wanted.try_emplace(owner->inode);
      for (const int32_t pid : pids)
        if (std::find(among.begin(), among.end(), pid) == among.end()) among.push_back(pid);
      lookup.inode = owner->inode;
      accepted.push_back(std::move(lookup));
    }
  }
  if (!accepted.empty()) table_->search_among(wanted, among);
  budget_.spend(Clock::now() - now);
  for (Lookup& lookup : accepted) {
    const auto& pids = wanted[lookup.inode].pids;
    auto process = pids.empty() ? nullptr : table_->describe(pids.front());
    if (process) lookup.listens = false;
    end(lookup, process ? process : lookup.listener);
  }
}

void ProcessFinder::publish() {
  const auto& table = table_->counters();
  const auto& spaces = spaces_->counters();
  counters_.scanned = table.scanned;
  counters_.denied = table.denied;
  counters_.searches = table.searches;
  counters_.searches_cut = table.searches_cut;
  counters_.processes = table.read;
  counters_.arguments_cut = table.arguments_cut;
  counters_.namespaces = spaces.known;
  counters_.namespaces_over = spaces.over;
  counters_.namespaces_denied = spaces.denied;
}

ProcessLookup::Stats ProcessFinder::stats() const {
  return {
      {"procs.asked", counters_.asked},
      {"procs.queue_full", counters_.queue_full + counters_.crowded},
      {"procs.not_local", counters_.not_local},
      {"procs.looked_up", counters_.looked_up},
      {"procs.found", counters_.found},
      {"procs.at_once", counters_.at_once},
      {"procs.by_connection", counters_.by_connection},
      {"procs.by_listener", counters_.by_listener},
      {"procs.missed", counters_.missed},
      {"procs.closed", counters_.closed},
      {"procs.late", counters_.late},
      {"procs.seen_early", counters_.early},
      {"procs.other_namespaces", counters_.elsewhere},
      {"procs.by_proc_net", counters_.proc_net},
      {"procs.processes_read", counters_.processes},
      {"procs.arguments_cut", counters_.arguments_cut},
      {"procs.scanned", counters_.scanned},
      {"procs.denied", counters_.denied},
      {"procs.searches", counters_.searches},
      {"procs.searches_cut", counters_.searches_cut},
      {"procs.namespaces", counters_.namespaces},
      {"procs.namespaces_over", counters_.namespaces_over},
      {"procs.namespaces_denied", counters_.namespaces_denied},
  };
}

}  // namespace packetbeat
