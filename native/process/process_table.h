// Finds the processes that hold sockets, and reads what they are, from /proc.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "process/process.h"

namespace packetbeat {

/// How much time may be spent on searching: a share of one core, and more than that only for a moment.
class SearchBudget {
 public:
  using Clock = std::chrono::steady_clock;
  using Span = Clock::duration;

  explicit SearchBudget(double share = 0.2, Span burst = std::chrono::milliseconds(200))
      : share_(share), burst_(burst), left_(burst), since_(Clock::now()) {}
  bool empty(Clock::time_point now);
  void spend(Span time) { left_ -= time; }
  /// How long until there is some again.
  Span wait() const;

 private:
  double share_;
  Span burst_, left_;
  Clock::time_point since_;
};

/// Whose a socket is, as far as a search has seen.
struct SocketHolders {
  std::vector<int32_t> pids;  // youngest first, at most kHolders
};

/// One thread. All that it holds is bounded.
class ProcessTable {
 public:
  using Wanted = std::unordered_map<uint32_t, SocketHolders>;  // by inode

  struct Counters {
    uint64_t scanned = 0;        // processes whose files were looked through
    uint64_t denied = 0;         // of those: that may not be looked into
    uint64_t searches = 0;       // of all processes
    uint64_t searches_cut = 0;   // that took too long
    uint64_t read = 0;           // processes whose names and arguments were read
    uint64_t arguments_cut = 0;  // that had more of them than is kept
  };

  static constexpr size_t kHolders = 64;
  static constexpr size_t kKnown = 1 << 18;       // sockets remembered
  static constexpr size_t kProcesses = 4096;      // processes remembered
  static constexpr size_t kArguments = 16 << 10;  // bytes of arguments kept of one process
  /// Bytes of all processes that are held, by whom ever. Beyond, arguments are cut to kFewArguments.
  static constexpr uint64_t kHeld = 64 << 20;
  static constexpr size_t kFewArguments = 256;

  /// `root` is /proc, or what tests have in its place.
  explicit ProcessTable(std::string root = "/proc");

  /// The holder that an earlier search saw, if it still is; empty without one.
  ProcessPointer known(uint32_t inode);
  /// Looks through processes that began lately and those that were answered lately; fills in who holds what.
  void search_likely(Wanted& wanted);
  /// Looks through all, the youngest first; `every`: for every holder, else until each has one. False: it was
  /// cut.
  bool search_all(Wanted& wanted, bool every);
  /// Looks through some, in their order, until each has one.
  void search_among(Wanted& wanted, const std::vector<int32_t>& pids);

  /// What a process is; empty when it is gone. Read once, and anew when it has become another program.
  ProcessPointer describe(int32_t pid);
  /// Processes that the main thread of this one has made and that still are, youngest first.
  std::vector<int32_t> children(int32_t pid);
  /// All processes, youngest first.
  std::vector<int32_t> all();
  /// Where the link leads, without the rest: the number in `net:[NUMBER]`; 0 when it cannot be read.
  uint32_t network_namespace(int32_t pid) const;

  const Counters& counters() const { return counters_; }

  /// Called with each process that is described for the first time.
  std::function<void(const ProcessPointer&)> described;

 private:
  struct Remembered {
    ProcessPointer process;
    SearchBudget::Clock::time_point read, checked;
  };

  bool scan(int32_t pid, Wanted& wanted, bool every, size_t& missing);
  ProcessPointer read(int32_t pid, std::string_view stat);
  bool read_file(const std::string& path, std::string& into, size_t longest) const;
  void remember(uint32_t inode, int32_t pid);
  void note_recent(int32_t pid);
  void note_young(int32_t number, SearchBudget::Clock::time_point now);

  const std::string root_;
  const int64_t ticks_;  // a second has that many
  Counters counters_;
  struct Known {
    int32_t pid;
    int64_t time;  // milliseconds since the Unix epoch: what began later is another process of that number
  };
  std::unordered_map<uint32_t, Known> known_;
  std::unordered_map<int32_t, Remembered> processes_;
  std::deque<int32_t> order_;   // of processes_, as they came
  std::deque<int32_t> recent_;  // answered lately, the latest first
  int32_t last_pid_ = 0;
  struct Young {
    int32_t pid;
    SearchBudget::Clock::time_point since;
  };
  std::deque<Young> young_;  // begun lately, the youngest first
  uint32_t numbers_ = 0;
  std::shared_ptr<std::atomic<uint64_t>> held_;
  std::string text_;
};

}  // namespace packetbeat
