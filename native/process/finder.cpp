#include "process/finder.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <random>

#include "decode/text.h"

namespace packetbeat {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// The ring of a capture hands a packet over so much later than we see it, and not always at once.
constexpr auto kSeenFor = seconds(3);
/// A look-up that has not ended by then ends without an answer: nobody's event waits longer.
constexpr auto kPatience = seconds(1);
constexpr auto kAnew = seconds(1);
/// Openings taken in one go. More is a flood: then we look away for a while, and the kernel throws them away.
constexpr int kOpenings = 512;
constexpr auto kLookAway = milliseconds(100);
constexpr int kUrgent = -15;
constexpr int kIdleMilliseconds = 1000;

Address address(const std::array<uint8_t, 16>& bytes, uint8_t version) {
  return unmapped({bytes, version});
}

/// One end of the connection.
SocketKey key_of(const Endpoints& ends, unsigned side) {
  const Address source = address(ends.source, ends.version),
                destination = address(ends.destination, ends.version);
  if (side == 0) return {source, destination, ends.source_port, ends.destination_port, ends.protocol};
  return {destination, source, ends.destination_port, ends.source_port, ends.protocol};
}

uint64_t random_seed() {
  std::random_device device;
  return uint64_t{device()} << 32 | device();
}

}  // namespace

size_t SocketKeyHash::operator()(const SocketKey& key) const {
  std::array<char, 48> bytes{};
  char* at = bytes.data();
  const auto put = [&at](const void* from, size_t size) {
    std::memcpy(at, from, size);
    at += size;
  };
  put(&seed, sizeof seed);
  put(key.local.bytes.data(), 16);
  put(key.peer.bytes.data(), 16);
  put(&key.port, sizeof key.port);
  put(&key.peer_port, sizeof key.peer_port);
  put(&key.protocol, 1);
  put(&key.local.version, 1);
  return std::hash<std::string_view>()({bytes.data(), bytes.size()});
}

std::shared_ptr<ProcessLookup> open_process_lookup(const ProcessLookupOptions& options) {
  return std::make_shared<ProcessFinder>(options);
}

ProcessFinder::ProcessFinder(const ProcessLookupOptions& options)
    : wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      options_(options),
      sockets_(0, SocketKeyHash{random_seed()}) {
  known_ = decltype(known_)(0, sockets_.hash_function());
  // Opened here, so that whoever starts a capture after this knows that connections are seen from now on.
  table_ = std::make_unique<ProcessTable>();
  table_->described = [this](const ProcessPointer& process) { answers_.list(process); };
  spaces_ = std::make_unique<Spaces>(*table_, options_.netlink);
  if (options_.early) early_ = std::make_unique<EarlyWatch>(options_.devices, options_.udp_ports);
  thread_ = std::thread([this] { run(); });
  ::pthread_setname_np(thread_.native_handle(), "processes");
}

ProcessFinder::~ProcessFinder() {
  ending_ = true;
  const uint64_t one = 1;
  (void)!::write(wake_, &one, sizeof one);
  thread_.join();
  ::close(wake_);
}

uint32_t ProcessFinder::ask(const Endpoints& ends) {
  if (ends.protocol != kTcp && ends.protocol != kUdp) return 0;
  ++counters_.asked;
  uint32_t ticket = 0;
  {
    std::lock_guard lock(mutex_);
    if (queue_.size() < kQueue) {
      const Request request{answers_.begin(), ends};
      ticket = request.ticket;
      // What was seen early is answered at once: the events of a short connection are made within a
      // millisecond.
      if (tell_known(request)) return ticket;
      queue_.push_back(request);
    }
  }
  if (ticket == 0) {
    ++counters_.queue_full;
    return 0;
  }
  if (waiting_.exchange(false)) {
    const uint64_t one = 1;
    (void)!::write(wake_, &one, sizeof one);
  }
  return ticket;
}

bool ProcessFinder::tell_known(const Request& request) {
  unsigned told = 0;
  const auto now = Clock::now();
  for (unsigned side = 0; side < 2; ++side) {
    const auto present = known_.find(key_of(request.ends, side));
    if (present == known_.end() || now - present->second.time > kSeenFor) continue;
    const Known& known = present->second;
    answers_.tell(request.ticket, side, known.process, known.final);
    if (known.final) ++told;
  }
  if (told != 2) return false;
  counters_.looked_up += 2;
  counters_.found += 2;
  counters_.at_once += 2;
  return true;
}

void ProcessFinder::forget(const SocketKey& key) {
  sockets_.erase(key);
  ProcessPointer gone;
  std::lock_guard lock(mutex_);
  if (const auto present = known_.find(key); present != known_.end()) {
    gone.swap(present->second.process);
    known_.erase(present);
  }
}

void ProcessFinder::run() {
  // A socket may live for less than a turn of a busy processor. What this thread does takes microseconds, or
  // is bounded by its budget; where the right is lacking it takes its turn like any other.
  (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), kUrgent);
  while (!ending_) {
    wait();
    spaces_->follow();
    hear();
    take_questions();
    search();
    refine();
    publish();
  }
}

void ProcessFinder::wait() {
  std::vector<pollfd> files{{wake_, POLLIN, 0}};
  if (spaces_->changes_file() >= 0) files.push_back({spaces_->changes_file(), POLLIN, 0});
  const auto now = Clock::now();
  if (early_ && now >= ignore_early_until_)
    for (const int file : early_->files()) files.push_back({file, POLLIN, 0});
  auto longest = Clock::duration(milliseconds(kIdleMilliseconds));
  if (now < ignore_early_until_) longest = std::min(longest, ignore_early_until_ - now);
  if (!searching_.empty())
    longest = std::min(longest, std::max<Clock::duration>(budget_.wait(), milliseconds(2)));
  if (!refining_.empty()) longest = std::min(longest, refining_.begin()->first - now);
  waiting_ = true;
  bool asked = false;
  {
    std::lock_guard lock(mutex_);
    asked = !queue_.empty();
  }
  const auto left =
      std::chrono::duration_cast<std::chrono::nanoseconds>(std::max(longest, Clock::duration::zero()));
  const timespec time{left.count() / 1'000'000'000, left.count() % 1'000'000'000};
  if (!asked && !ending_) ::ppoll(files.data(), files.size(), &time, nullptr);
  waiting_ = false;
  uint64_t woken = 0;
  (void)!::read(wake_, &woken, sizeof woken);
}

/// Connections that begin, before anybody asks for them.
void ProcessFinder::hear() {
  const auto now = Clock::now();
  if (!early_ || now < ignore_early_until_) return;
  int heard = 0;
  std::vector<Endpoints> openings;
  for (const int file : early_->files())
    while (const auto ends = early_->next(file)) {
      if (++heard > kOpenings) {
        ignore_early_until_ = now + kLookAway;
        break;
      }
      begin_early(*ends, 0, now);
      openings.push_back(*ends);
    }
  // Who asks may be gone in a moment; who is asked stays. But which process of a server accepts can be seen
  // only while the connection lasts, too.
  search();
  for (const Endpoints& ends : openings) begin_early(ends, 1, now);
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

/// The socket of the connection, or of who listens; nothing when no process has one. Fills in where it is.
std::optional<SocketOwner> ProcessFinder::ask_kernel(Lookup& lookup, const Spaces::Found& spaces) {
  std::optional<SocketOwner> listening;
  int listeners = 0;
  for (const Spaces::Index space : spaces) {
    auto owner = spaces_->find(space, lookup.key);
    // A server's connection may not be accepted yet, be closed already, or be one of ten thousand that its
    // process has: it is looked for by who listens, and by who is seen to have accepted it.
    // Who opens one does not listen.
    const bool opens = lookup.ticket == 0 && lookup.side == 0;
    if (!opens && (!owner || owner->inode == 0 || (lookup.key.protocol == kTcp && !owner->listens))) {
      const auto server = spaces_->find(space, lookup.key.listener());
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
