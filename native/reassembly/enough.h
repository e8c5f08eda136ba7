// What the reader of rows says to the capture thread: that it has heard enough of a conversation.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

namespace packetbeat {

/// Any thread says, one hears. Holds at most one entry for each `open` row that was handed over since it was
/// heard last.
class Enough {
 public:
  struct Said {
    uint32_t conversation;
    uint32_t
        told;  // number of its `open` row: the conversation's own number may have been given to another since
  };

  void say(Said said) {
    std::lock_guard lock(mutex_);
    said_.push_back(said);
    pending_.store(true, std::memory_order_relaxed);
  }

  /// Calls `take` with all that was said since the last call. Asked for every packet: one load where nothing
  /// was.
  template <typename Take>
  void hear(Take&& take) {
    if (!pending_.load(std::memory_order_relaxed)) [[likely]]
      return;
    {
      std::lock_guard lock(mutex_);
      heard_.swap(said_);
      pending_.store(false, std::memory_order_relaxed);
    }
    for (const Said& said : heard_) take(said);
    heard_.clear();
  }

 private:
  std::atomic<bool> pending_ = false;
  std::mutex mutex_;
  std::vector<Said> said_;   // behind the mutex
  std::vector<Said> heard_;  // the hearer's
};

}  // namespace packetbeat
