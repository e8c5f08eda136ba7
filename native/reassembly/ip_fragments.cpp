#include "reassembly/ip_fragments.h"

#include <algorithm>

namespace packetbeat {
namespace {

/// What a datagram costs beside its bytes: its list and table nodes. Hostile fragments of 8 bytes hold that
/// too.
constexpr uint64_t kDatagramOverhead = 320;

}  // namespace

size_t IpFragments::Hash::operator()(const Key& key) const {
  uint64_t words[4];
  std::memcpy(words, key.source.bytes.data(), 16);
  std::memcpy(words + 2, key.destination.bytes.data(), 16);
  uint64_t hash = (static_cast<uint64_t>(key.id) << 32 | key.context) ^ key.protocol;
  for (uint64_t word : words) {
    hash = (hash ^ word) * 0x9e3779b97f4a7c15;
    hash ^= hash >> 32;
  }
  return static_cast<size_t>(hash);
}

IpFragments::Place IpFragments::find_or_begin(const Fragment& fragment) {
  bool version4 = fragment.source.version == 4;
  // Of IPv6 fragments the next header may differ, so it is not part of what they have in common.
  Key key{fragment.source, fragment.destination, fragment.id, fragment.context,
          version4 ? fragment.protocol : uint8_t{0}};
  auto [entry, fresh] = places_.try_emplace(key);
  if (fresh) {
    entry->second = pending_.insert(pending_.end(),
                                    Pending{key, fragment.time, fragment.protocol, 0, 0, 0, 0, {}, {}, 0});
  }
  return entry->second;
}

/// Whether the fragment agrees with what is known of the end of the datagram.
bool IpFragments::fits(const Pending& pending, const Fragment& fragment) {
  uint32_t end = fragment.offset + static_cast<uint32_t>(fragment.bytes.size());
  if (fragment.more) return pending.total == 0 || end < pending.total;
  if (pending.total != 0) return end == pending.total;
  return pending.parts.empty() || pending.parts.back().offset + pending.parts.back().length <= end;
}

/// Keeps what is new of the fragment; false when nothing was.
bool IpFragments::take(Pending& pending, const Fragment& fragment) {
  auto& parts = pending.parts;
  uint32_t at = fragment.offset, end = at + static_cast<uint32_t>(fragment.bytes.size());
  auto next = std::partition_point(parts.begin(), parts.end(),
                                   [at](const Part& part) { return part.offset + part.length <= at; });
  bool news = false;
  while (at < end) {
    uint32_t until = next == parts.end() ? end : std::min(end, next->offset);
    if (at < until) {
      auto piece = fragment.bytes.subspan(at - fragment.offset, until - at);
      next = parts.insert(next, {at, until - at, pending.bytes.size()}) + 1;
      pending.bytes.insert(pending.bytes.end(), piece.begin(), piece.end());
      pending.received += until - at;
      news = true;
      at = until;
    }
    if (at < end) at = next->offset + next->length, ++next;
  }
  return news;
}

void IpFragments::account(Pending& pending) {
  held_ -= pending.cost;
  pending.cost = kDatagramOverhead + pending.bytes.capacity() + pending.parts.capacity() * sizeof(Part);
  held_ += pending.cost;
}

Datagram IpFragments::add(const Fragment& fragment) {
  advance(fragment.time);
  // RFC 791 §3.2: only the last one may be no multiple of 8 bytes long.
  size_t length = fragment.bytes.size();
  if (length == 0 || (fragment.more && length % 8 != 0) || fragment.offset + length > kMaxLength) {
    ++counters_.invalid;
    return {};
  }
  Place place = find_or_begin(fragment);
  if (!fits(*place, fragment)) {
    ++counters_.invalid;
    return {};
  }
  if (fragment.offset == 0) place->protocol = fragment.protocol;
  if (!fragment.more) place->total = fragment.offset + static_cast<uint32_t>(length);
  if (!take(*place, fragment)) ++counters_.duplicate;
  if (place->received == place->total) return finish(place);

  ++place->frames;
  place->frame_bytes += fragment.frame_length;
  account(*place);
  if (place->parts.size() > kMaxParts) {
    ++counters_.evicted;
    remove(place);
  }
  while (held_ > limit_ || pending_.size() > kMaxDatagrams) shed();
  return {};
}

Datagram IpFragments::finish(Place place) {
  turn_ ^= 1;
  std::vector<uint8_t>& done = done_[turn_];
  done.clear();
  for (const Part& part : place->parts) {
    auto from = place->bytes.begin() + static_cast<std::ptrdiff_t>(part.at);
    done.insert(done.end(), from, from + part.length);
  }
  Datagram datagram{done, place->protocol, place->frames, place->frame_bytes};
  ++counters_.reassembled;
  remove(place);
  return datagram;
}

void IpFragments::advance(Time now) {
  while (!pending_.empty() && now - pending_.front().begun > kExpiry) {
    ++counters_.expired;
    remove(pending_.begin());
  }
}

bool IpFragments::shed() {
  if (pending_.empty()) return false;
  ++counters_.evicted;
  remove(pending_.begin());
  return true;
}

void IpFragments::remove(Place place) {
  held_ -= place->cost;
  places_.erase(place->key);
  pending_.erase(place);
}

}  // namespace packetbeat
