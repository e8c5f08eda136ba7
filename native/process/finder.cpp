#include "process/finder.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "decode/text.h"
#include "system/random_seed.h"

namespace packetbeat {
namespace {

using std::chrono::milliseconds;

constexpr int kUrgent = -15;
constexpr int kIdleMilliseconds = 1000;

Address address(const std::array<uint8_t, 16>& bytes, uint8_t version) {
  return unmapped({bytes, version});
}

}  // namespace

SocketKey ProcessFinder::key_of(const Endpoints& ends, unsigned side) {
  const Address source = address(ends.source, ends.version),
                destination = address(ends.destination, ends.version);
  if (side == 0) return {source, destination, ends.source_port, ends.destination_port, ends.protocol};
  return {destination, source, ends.destination_port, ends.source_port, ends.protocol};
}

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
  servers_ = decltype(servers_)(0, sockets_.hash_function());
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

}  // namespace packetbeat
