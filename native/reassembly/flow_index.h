// From the hash of a flow's key to the flow's number.
#pragma once

#include <cstdint>
#include <vector>

namespace packetbeat {

/// Open addressing with linear probing; the slots keep the hashes, so growing and removing look at nothing
/// else.
class FlowIndex {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  FlowIndex() : slots_(1024) {}

  /// The number stored with `hash` for which `same(number)` holds, or `kNone`.
  template <typename Same>
  uint32_t find(uint64_t hash, Same same) const {
    auto tag = static_cast<uint32_t>(hash);
    for (size_t i = tag & mask(); slots_[i].number != kNone; i = (i + 1) & mask()) {
      if (slots_[i].tag == tag && same(slots_[i].number)) return slots_[i].number;
    }
    return kNone;
  }

  void insert(uint64_t hash, uint32_t number) {
    if ((size_ + 1) * 2 > slots_.size()) grow();
    place({static_cast<uint32_t>(hash), number});
    ++size_;
  }

  void remove(uint64_t hash, uint32_t number) {
    size_t hole = static_cast<uint32_t>(hash) & mask();
    while (slots_[hole].number != number) hole = (hole + 1) & mask();
    --size_;
    // What follows moves up, unless that would put it before its own place: no tombstones are needed.
    for (size_t i = (hole + 1) & mask(); slots_[i].number != kNone; i = (i + 1) & mask()) {
      size_t home = slots_[i].tag & mask();
      if (((i - home) & mask()) < ((i - hole) & mask())) continue;
      slots_[hole] = slots_[i];
      hole = i;
    }
    slots_[hole] = {};
  }

  uint32_t size() const { return size_; }

 private:
  struct Slot {
    uint32_t tag = 0, number = kNone;
  };

  size_t mask() const { return slots_.size() - 1; }

  void place(Slot slot) {
    size_t i = slot.tag & mask();
    while (slots_[i].number != kNone) i = (i + 1) & mask();
    slots_[i] = slot;
  }

  void grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.number != kNone) place(slot);
    }
  }

  std::vector<Slot> slots_;  // a power of two
  uint32_t size_ = 0;
};

}  // namespace packetbeat
