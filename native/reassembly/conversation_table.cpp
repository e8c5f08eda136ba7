#include "reassembly/conversation_table.h"

#include <chrono>
#include <cstring>
#include <utility>

namespace packetbeat {
namespace {

constexpr size_t kFirstSlots = 1024;

// Odd constants with an even spread of bits: fractions of the golden ratio, of the square roots of 2 and 3.
constexpr uint64_t kMultiply1 = 0x9e3779b97f4a7c15, kMultiply2 = 0x6a09e667f3bcc909,
                   kMultiply3 = 0xbb67ae8584caa73b;

uint64_t hash_side(const std::array<uint8_t, 16>& address, uint16_t port, uint64_t seed) {
  uint64_t words[2];
  std::memcpy(words, address.data(), sizeof words);
  uint64_t hash = (words[0] ^ seed) * kMultiply1;
  hash = ((hash ^ (hash >> 32)) + words[1]) * kMultiply2;
  hash = ((hash ^ (hash >> 29)) + port) * kMultiply3;
  return hash ^ (hash >> 32);
}

bool same(const std::array<uint8_t, 16>& a, const std::array<uint8_t, 16>& b) {
  uint64_t x[2], y[2];  // as words, because a call of memcmp costs more than all the rest of a search
  std::memcpy(x, a.data(), sizeof x);
  std::memcpy(y, b.data(), sizeof y);
  return x[0] == y[0] && x[1] == y[1];
}

}  // namespace

ConversationTable::ConversationTable(size_t lists) : slots_(kFirstSlots), lists_(lists) {
  // Enough to keep a sender from choosing addresses that collide; std::random_device would ask for a newer
  // libc.
  const auto now = static_cast<uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
  seed_ = (now ^ reinterpret_cast<uintptr_t>(slots_.data())) * kMultiply2;
}

uint32_t ConversationTable::hash(const Endpoints& ends) const {
  // A sum, because it does not ask which side comes first.
  uint64_t hash = hash_side(ends.source, ends.source_port, seed_) +
                  hash_side(ends.destination, ends.destination_port, seed_) + ends.protocol;
  hash *= kMultiply1;
  return static_cast<uint32_t>(hash >> 32);
}

ConversationTable::Found ConversationTable::find(const Endpoints& ends, uint32_t hash) const {
  const size_t mask = slots_.size() - 1;
  for (size_t at = hash & mask; slots_[at].id != kNobody; at = (at + 1) & mask) {
    if (slots_[at].hash != hash) continue;
    const Endpoints& own = (*this)[slots_[at].id].ends;
    if (own.protocol != ends.protocol || own.version != ends.version) continue;
    if (own.source_port == ends.source_port && own.destination_port == ends.destination_port &&
        same(own.source, ends.source) && same(own.destination, ends.destination))
      return {slots_[at].id, 0};
    if (own.source_port == ends.destination_port && own.destination_port == ends.source_port &&
        same(own.source, ends.destination) && same(own.destination, ends.source))
      return {slots_[at].id, 1};
  }
  return {};
}

uint32_t ConversationTable::insert(const Endpoints& ends, uint32_t hash, size_t list, Time now) {
  if ((size_ + 1) * size_t{4} > slots_.size() * 3) grow();
  uint32_t id = entries_;
  if (free_.empty()) {
    if (id % kChunk == 0) chunks_.push_back(std::make_unique<Conversation[]>(kChunk));
    ++entries_;
  } else {
    id = free_.back();
    free_.pop_back();
  }
  Conversation& conversation = (*this)[id];
  conversation = {};
  conversation.ends = ends;
  conversation.hash = hash;
  conversation.last = now;
  link(id, list, now);
  place({hash, id});
  ++size_;
  return id;
}

void ConversationTable::erase(uint32_t id, size_t list) {
  unlink(id, list);
  const size_t mask = slots_.size() - 1;
  size_t hole = (*this)[id].hash & mask;
  while (slots_[hole].id != id) hole = (hole + 1) & mask;
  // Entries behind the hole that a search would no longer reach move into it; no tombstones are left.
  for (size_t at = (hole + 1) & mask; slots_[at].id != kNobody; at = (at + 1) & mask)
    if (((at - slots_[at].hash) & mask) >= ((at - hole) & mask)) {
      slots_[hole] = slots_[at];
      hole = at;
    }
  slots_[hole] = {};
  free_.push_back(id);
  --size_;
}

void ConversationTable::move(uint32_t id, size_t from, size_t to, Time now) {
  unlink(id, from);
  link(id, to, now);
}

void ConversationTable::link(uint32_t id, size_t list, Time now) {
  IdleList& ends = lists_[list];
  Conversation& conversation = (*this)[id];
  conversation.listed = now;
  conversation.older = ends.newest;
  conversation.newer = kNobody;
  (ends.newest == kNobody ? ends.oldest : (*this)[ends.newest].newer) = id;
  ends.newest = id;
}

void ConversationTable::unlink(uint32_t id, size_t list) {
  IdleList& ends = lists_[list];
  const Conversation& conversation = (*this)[id];
  (conversation.older == kNobody ? ends.oldest : (*this)[conversation.older].newer) = conversation.newer;
  (conversation.newer == kNobody ? ends.newest : (*this)[conversation.newer].older) = conversation.older;
}

void ConversationTable::place(Slot slot) {
  const size_t mask = slots_.size() - 1;
  size_t at = slot.hash & mask;
  while (slots_[at].id != kNobody) at = (at + 1) & mask;
  slots_[at] = slot;
}

void ConversationTable::grow() {
  std::vector<Slot> old(slots_.size() * 2);
  std::swap(old, slots_);
  for (const Slot& slot : old)
    if (slot.id != kNobody) place(slot);
}

}  // namespace packetbeat
