// What was asked lately and what is known of it, by ticket.
#pragma once

#include <cstdint>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "process/process.h"

namespace packetbeat {

/// Any thread. Of fixed size: a new ticket takes the place of the one `kAnswers` before it.
class Answers {
 public:
  static constexpr uint32_t kAnswers = 1 << 15;

  Answers() : entries_(kAnswers) {}

  /// A new ticket, never 0, of which both ends are to be told.
  uint32_t begin();
  /// `final`: nothing else will be said of that end.
  void tell(uint32_t ticket, unsigned side, ProcessPointer process, bool final);
  ProcessAnswer get(uint32_t ticket) const;

  /// The process may be asked for by its number as long as anybody holds it.
  void list(const ProcessPointer& process);
  ProcessPointer process(uint32_t number) const;

 private:
  struct Entry {
    uint32_t ticket = 0;
    uint8_t final = 0;  // bit by side
    std::array<ProcessPointer, 2> side{};
  };

  mutable std::mutex mutex_;
  std::vector<Entry> entries_;
  uint32_t tickets_ = 0;
  std::unordered_map<uint32_t, std::weak_ptr<const Process>> processes_;
  size_t tidy_at_ = 1024;
};

}  // namespace packetbeat
