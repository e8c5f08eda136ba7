// What arrived of one direction of a TCP connection before its turn.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>

#include "capture/frame.h"

namespace packetbeat {

/// Bytes of a stream as a packet brought them; the snap length may have cut the tail off.
struct StreamBytes {
  std::span<const uint8_t> captured;
  uint32_t wire = 0;  // their length on the wire, at least `captured`

  /// Removes and returns the first `count` of them.
  StreamBytes take(uint32_t count) {
    const auto part = captured.first(std::min<size_t>(count, captured.size()));
    captured = captured.subspan(part.size());
    wire -= count;
    return {part, count};
  }
};

/// When a segment came, and what its sender had got by then.
struct Stamp {
  Time time = 0;     // of its packet
  Time arrival = 0;  // packet clock; never goes back
  bool has_ack = false;
  uint32_t ack = 0;
};

/// Held segments, without overlap, by their position in the stream: 64 bits, so that they order across the
/// wrap of the sequence number. Position `next` is the first byte not delivered.
class ReorderBuffer {
 public:
  struct Segment {
    Stamp stamp;
    uint32_t wire = 0, size = 0;
    std::unique_ptr<uint8_t[]> bytes;

    StreamBytes view() const { return {{bytes.get(), size}, wire}; }
  };
  struct Fin {
    uint64_t position;
    Stamp stamp;
  };
  /// Charged for a segment beside its bytes: its node and two heap headers. Tiny segments must not be free.
  static constexpr uint32_t kOverhead = 128;

  /// Copies what is not held yet: of two segments with the same bytes the first has them. Returns how many
  /// bytes were held already.
  uint32_t insert(uint64_t position, StreamBytes bytes, const Stamp& stamp);
  /// The first one counts.
  void insert_fin(uint64_t position, const Stamp& stamp);

  bool empty() const { return segments_.empty() && !fin_; }
  /// Position of what is held first, and its stamp. Not when empty.
  uint64_t front() const { return front_is_fin() ? fin_->position : segments_.begin()->first; }
  const Stamp& front_stamp() const { return front_is_fin() ? fin_->stamp : segments_.begin()->second.stamp; }
  /// What is held first is the FIN; bytes behind it belong to no stream.
  bool front_is_fin() const {
    return fin_ && (segments_.empty() || fin_->position <= segments_.begin()->first);
  }
  /// All before the FIN was delivered.
  bool finished() const { return fin_ && fin_->position <= next; }
  /// Takes the first segment out.
  Segment pop();

  /// Bytes held, overhead included.
  uint64_t cost() const { return cost_; }

  uint64_t next = 0;
  uint64_t acked = 0;  // the other side has everything before this position
  Time deadline =
      std::numeric_limits<Time>::min();  // packet clock when a gap is declared; that: not known yet

 private:
  void store(uint64_t position, StreamBytes bytes, const Stamp& stamp);

  std::map<uint64_t, Segment> segments_;
  std::optional<Fin> fin_;
  uint64_t cost_ = 0;
};

}  // namespace packetbeat
