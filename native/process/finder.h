// Looks up processes on a thread of its own: no packet ever waits for it.
#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "process/answers.h"
#include "process/early.h"
#include "process/process.h"
#include "process/process_table.h"
#include "process/spaces.h"

namespace packetbeat {

/// Hashes with a secret, so that nobody can send connections that all collide.
struct SocketKeyHash {
  uint64_t seed = 0;
  size_t operator()(const SocketKey& key) const;
};

/// The way of a look-up: the kernel names the socket's inode; /proc/PID/fd tells who holds it. A socket that
/// several processes share belongs to the youngest, since a child serves what its parent accepted; one that
/// listens belongs to the oldest, until it is seen who accepted the connection.
class ProcessFinder final : public ProcessLookup {
 public:
  static constexpr size_t kQueue = 1 << 14;    // asked for and not begun
  static constexpr size_t kLookups = 1 << 14;  // begun and not ended
  static constexpr size_t kSockets = 1 << 14;  // seen lately
  static constexpr size_t kListeners = 4096;

  explicit ProcessFinder(const ProcessLookupOptions& options);
  ~ProcessFinder() override;

  uint32_t ask(const Endpoints& ends) override;
  ProcessAnswer answer(uint32_t ticket) override { return answers_.get(ticket); }
  ProcessPointer process(uint32_t number) override { return answers_.process(number); }
  Stats stats() const override;

 private:
  using Clock = std::chrono::steady_clock;

  struct Request {
    uint32_t ticket = 0;
    Endpoints ends;
  };
  /// One end of a connection that is looked for. Without a ticket: nobody has asked yet, but will.
  struct Lookup {
    uint32_t ticket = 0;
    unsigned side = 0;
    Spaces::Index space = 0;
    SocketKey key;
    uint32_t inode = 0;
    bool listens = false;
    uint8_t tries = 0;
    Clock::time_point until{};  // when to give up
    ProcessPointer listener{};
  };
  /// A socket seen lately: the flow and the conversation, and the packet's ring after us, ask for the same
  /// one.
  struct Seen {
    uint32_t inode = 0;
    bool listens = false;
    Spaces::Index space = 0;
    ProcessPointer process{};  // when it is known for good
    uint64_t serial = 0;
    Clock::time_point time{};
  };
  struct Listener {
    std::vector<int32_t> pids;  // oldest first
    ProcessPointer oldest{};
    Clock::time_point read{};
  };
  struct Counters {
    std::atomic<uint64_t> asked = 0, queue_full = 0, crowded = 0;
    std::atomic<uint64_t> looked_up = 0, found = 0, missed = 0, not_local = 0;
    std::atomic<uint64_t> at_once = 0, by_connection = 0, by_listener = 0, early = 0, elsewhere = 0;
    std::atomic<uint64_t> closed = 0, late = 0, proc_net = 0;
    std::atomic<uint64_t> scanned = 0, denied = 0, searches = 0, searches_cut = 0, processes = 0,
                          arguments_cut = 0, namespaces = 0, namespaces_over = 0, namespaces_denied = 0;
  };

  /// The ring of a capture hands a packet over so much later than we see it, and not always at once.
  static constexpr auto kSeenFor = std::chrono::seconds(3);

  /// One end of a connection.
  static SocketKey key_of(const Endpoints& ends, unsigned side);
  void run();
  void wait();
  void hear();
  void begin_early(const Endpoints& ends, unsigned side, Clock::time_point now);
  void take_questions();
  void begin(const Request& request);
  void begin_side(Lookup lookup, const Spaces::Found& spaces);
  std::optional<SocketOwner> ask_kernel(Lookup& lookup, const Spaces::Found& spaces);
  std::optional<SocketOwner> find_listener(Spaces::Index space, const SocketKey& key);
  void search();
  void search_connections();
  void search_listeners();
  void settle_searching();
  /// Ends the look-up with what earlier searches have seen, if they have.
  bool settle(Lookup& lookup);
  void found(Lookup lookup, const ProcessPointer& process);
  void look_again(Lookup lookup);
  void end(const Lookup& lookup, const ProcessPointer& process);
  void miss(const Lookup& lookup);
  /// Looks who has accepted connections whose listener is known.
  void refine();
  void begin_again(Lookup lookup);
  /// Who may have: what listens with others, and what they have made; the youngest first. Empty: only the
  /// listener.
  std::vector<int32_t> acceptors(const Lookup& lookup);
  const std::vector<int32_t>& children(int32_t pid);
  /// Tells what is known already. True: of both ends.
  bool tell_known(const Request& request);
  void make_known(const SocketKey& key, const ProcessPointer& process, bool final);
  void forget(const SocketKey& key);
  Seen* seen(const SocketKey& key);
  Seen& note(const SocketKey& key);
  void publish();

  // Behind the mutex.
  std::mutex mutex_;
  std::vector<Request> queue_;
  struct Known {
    ProcessPointer process;
    Clock::time_point time;
    bool final;
  };
  std::unordered_map<SocketKey, Known, SocketKeyHash> known_;  // those of sockets_ that are found
  std::atomic<bool> waiting_ = false, ending_ = false;

  int wake_ = -1;  // an eventfd
  Answers answers_;
  Counters counters_;

  // The thread's own.
  ProcessLookupOptions options_;
  std::unique_ptr<ProcessTable> table_;
  std::unique_ptr<Spaces> spaces_;
  std::unique_ptr<EarlyWatch> early_;
  SearchBudget budget_;
  std::vector<Request> heard_;
  std::deque<Lookup> searching_;
  std::multimap<Clock::time_point, Lookup> refining_;  // by when to look
  std::unordered_map<SocketKey, Seen, SocketKeyHash> sockets_;
  struct Age {
    SocketKey key;
    uint64_t serial;
    Clock::time_point time;
  };
  std::deque<Age> ages_;  // of sockets_, the oldest first
  uint64_t serial_ = 0;
  struct Server {
    SocketOwner owner;
    Spaces::Index space = 0;
    Clock::time_point time;
  };
  std::unordered_map<SocketKey, Server, SocketKeyHash> servers_;
  std::unordered_map<uint32_t, Listener> listeners_;
  std::unordered_map<int32_t, std::pair<std::vector<int32_t>, Clock::time_point>> children_;
  Clock::time_point ignore_early_until_{};
  bool fresh_ = false;  // something to search for has come since the last search of all
  std::thread thread_;
};

}  // namespace packetbeat
