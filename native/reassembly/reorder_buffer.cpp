#include "reassembly/reorder_buffer.h"

#include <cstring>
#include <iterator>
#include <utility>

namespace packetbeat {

uint32_t ReorderBuffer::insert(uint64_t position, StreamBytes bytes, const Stamp& stamp) {
  uint32_t held = 0;
  const auto skip = [&](uint64_t count) {
    const auto cut = static_cast<uint32_t>(std::min<uint64_t>(count, bytes.wire));
    bytes.take(cut);
    position += cut;
    held += cut;
  };

  auto after = segments_.upper_bound(position);
  if (after != segments_.begin()) {
    const auto& [start, before] = *std::prev(after);
    if (start + before.wire > position) skip(start + before.wire - position);
  }
  for (; bytes.wire > 0; ++after) {
    const uint64_t room = after == segments_.end() ? bytes.wire : after->first - position;
    if (const auto part = static_cast<uint32_t>(std::min<uint64_t>(room, bytes.wire)); part > 0) {
      store(position, bytes.take(part), stamp);
      position += part;
    }
    if (after == segments_.end()) break;
    skip(after->second.wire);
  }
  return held;
}

void ReorderBuffer::insert_fin(uint64_t position, const Stamp& stamp) {
  if (!fin_) fin_ = Fin{position, stamp};
}

ReorderBuffer::Segment ReorderBuffer::pop() {
  auto node = segments_.extract(segments_.begin());
  cost_ -= node.mapped().size + kOverhead;
  return std::move(node.mapped());
}

void ReorderBuffer::store(uint64_t position, StreamBytes bytes, const Stamp& stamp) {
  Segment segment{stamp, bytes.wire, static_cast<uint32_t>(bytes.captured.size()), nullptr};
  if (segment.size > 0) {
    segment.bytes = std::make_unique_for_overwrite<uint8_t[]>(segment.size);
    std::memcpy(segment.bytes.get(), bytes.captured.data(), segment.size);
  }
  segments_.emplace(position, std::move(segment));
  cost_ += bytes.captured.size() + kOverhead;
}

}  // namespace packetbeat
