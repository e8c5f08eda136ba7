// Finds a conversation by its endpoints, in either direction, and the one idle longest.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "reassembly/conversation.h"

namespace packetbeat {

/// Hash table with open addressing over entries that never move, whose numbers are dense and reused.
class ConversationTable {
 public:
  /// Conversations in the order of their last packet; exact to `kListGrain`, so that a busy one rarely moves.
  struct IdleList {
    uint32_t oldest = kNobody, newest = kNobody;
  };
  static constexpr Time kListGrain = kSecond;

  explicit ConversationTable(size_t lists);

  struct Found {
    uint32_t id = kNobody;
    unsigned direction = 0;  // 1: the endpoints given are the conversation's, reversed
  };
  /// The same for both directions. Keyed by a number of this table's, so that nobody can aim for collisions.
  uint32_t hash(const Endpoints& ends) const;
  Found find(const Endpoints& ends, uint32_t hash) const;
  /// A new entry, at the newest end of `list`. `ends` must not be in the table.
  uint32_t insert(const Endpoints& ends, uint32_t hash, size_t list, Time now);
  /// Takes the entry out of `list` and of the table; its number may come again.
  void erase(uint32_t id, size_t list);

  void touch(uint32_t id, size_t list, Time now) {
    Conversation& conversation = (*this)[id];
    conversation.last = now;
    if (now - conversation.listed >= kListGrain) move(id, list, list, now);
  }
  /// Moves the entry to the newest end of list `to`.
  void move(uint32_t id, size_t from, size_t to, Time now);

  /// Whether there ever was an entry of that number.
  bool has(uint32_t id) const { return id < entries_; }
  Conversation& operator[](uint32_t id) { return chunks_[id / kChunk][id % kChunk]; }
  const Conversation& operator[](uint32_t id) const { return chunks_[id / kChunk][id % kChunk]; }
  uint32_t oldest(size_t list) const { return lists_[list].oldest; }
  size_t lists() const { return lists_.size(); }
  uint32_t size() const { return size_; }

 private:
  static constexpr uint32_t kChunk = 1024;
  struct Slot {
    uint32_t hash = 0;
    uint32_t id = kNobody;
  };

  void link(uint32_t id, size_t list, Time now);
  void unlink(uint32_t id, size_t list);
  void place(Slot slot);
  void grow();

  std::vector<std::unique_ptr<Conversation[]>> chunks_;
  std::vector<uint32_t> free_;
  std::vector<Slot> slots_;  // a power of two, at most three quarters full
  std::vector<IdleList> lists_;
  uint32_t size_ = 0, entries_ = 0;
  uint64_t seed_;
};

}  // namespace packetbeat
