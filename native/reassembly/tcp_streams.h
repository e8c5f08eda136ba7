// Puts TCP segments in order: what is delivered is each byte once, in sequence, with a gap where capture lost
// some.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <vector>

#include "decode/packet.h"
#include "reassembly/conversation_table.h"
#include "reassembly/reorder_buffer.h"
#include "reassembly/row_writer.h"

namespace packetbeat {

/// Reassembles all TCP conversations of one capture. In order nothing is held and nothing allocated.
///
/// A segment waits for two things. For the bytes before it: a hole stays open until its bytes come, until the
/// other side acknowledges them (then it got what capture missed), or until `patience` or the room is used
/// up. And for the bytes that its sender acknowledges: an answer that overtook its request on the way into
/// the capture comes after it nevertheless.
class TcpStreams {
 public:
  struct Limits {
    uint64_t held = 64ull << 20;    // bytes held in all directions of all connections
    uint64_t reorder = 1ull << 20;  // bytes held in one direction
    Time patience = 5 * kSecond;    // a hole stays open that long
  };
  struct Counters {
    uint64_t retransmitted_bytes = 0;  // that came again
    uint64_t overlaps = 0;             // segments of which a part came again
    uint64_t out_of_order = 0;         // segments that came before their turn
    uint64_t gaps = 0;
    uint64_t gap_bytes = 0;
    uint64_t shed_bytes = 0;   // held bytes delivered behind a gap before their time, for want of room
    uint64_t stray = 0;        // segments with bytes behind the end of their stream
    uint64_t after_reset = 0;  // segments with new bytes that were under way when the other side sent its RST
  };
  /// A hole whose bytes are acknowledged stays open that long: the ways into a capture differ by less.
  static constexpr Time kAcknowledged = 10'000'000;

  TcpStreams(ConversationTable& table, RowWriter& rows, const Limits& limits);

  /// Takes a segment of an open conversation. `now`: the packet clock.
  void segment(uint32_t id, unsigned direction, const Packet& packet, Time now);
  /// True for a RST that its receiver would believe.
  bool believes_reset(const Conversation& conversation, unsigned direction, const Packet& packet) const;
  /// Declares all gaps of a conversation and delivers what is held.
  void flush(uint32_t id);
  /// Gives up holes that were open for too long.
  void expire(Time now) {
    while (!waiting_.empty() && waiting_.begin()->deadline <= now) [[unlikely]]
      give_way_of_other(*waiting_.begin());
  }
  /// Delivers what waits longest behind a gap. False: nothing is held. For a budget shared with IP fragments.
  bool shed();

  uint64_t held_bytes() const { return held_; }
  /// Counts a segment that came after its stream or connection was over: as a copy of what was seen, which a
  /// sender repeats whose last ACK came late, as one that crossed a RST, which nobody reads, or as a stray.
  void behind_end(const Conversation& conversation, unsigned direction, const Packet& packet);
  const Counters& counters() const { return counters_; }
  /// Conversations, not of the packet at hand, that `expire` or `shed` brought to their end. The caller
  /// empties it.
  std::vector<uint32_t>& finished() { return finished_; }

 private:
  /// A window is at most 2^30 bytes (RFC 7323 §2.2), so nothing older than that is sent again; everything
  /// else that is not `next` is new, even when capture lost gigabytes.
  static constexpr uint32_t kWindow = 1u << 30;

  struct Waiting {
    Time deadline;
    uint32_t id;
    unsigned direction;
    auto operator<=>(const Waiting&) const = default;
  };

  /// True when `stamp` acknowledges bytes of `other` that were not delivered yet.
  static bool overtook(const TcpSide& other, const Stamp& stamp) {
    const uint32_t unseen = stamp.ack - other.next;
    return stamp.has_ack && other.known && !other.finished && unseen != 0 && unseen < kWindow;
  }
  static void begin(TcpSide& own, TcpSide& other, const Packet& packet);
  void acknowledge(uint32_t id, unsigned direction, uint32_t ack);
  void hold(uint32_t id, unsigned direction, uint32_t ahead, StreamBytes bytes, bool fin, const Stamp& stamp);
  void deliver(Conversation& conversation, uint32_t id, unsigned direction, Time time,
               const StreamBytes& bytes);
  void gap(Conversation& conversation, uint32_t id, unsigned direction, Time time, uint32_t bytes);
  bool drain(uint32_t id, unsigned direction);
  void deliver_front(Conversation& conversation, uint32_t id, unsigned direction);
  void settle(uint32_t id);
  void give_way(uint32_t id, unsigned direction);
  void give_way_of_other(Waiting waiting);
  void list(uint32_t id, unsigned direction, ReorderBuffer& buffer);
  ReorderBuffer& buffer_of(TcpSide& side);
  void drop_buffer(uint32_t id, unsigned direction);

  ConversationTable& table_;
  RowWriter& rows_;
  const Limits limits_;
  Counters counters_;
  uint64_t held_ = 0;
  std::vector<std::unique_ptr<ReorderBuffer>> buffers_;
  std::vector<uint32_t> free_;
  std::set<Waiting> waiting_;  // every buffer, the one to give up first before the others
  std::vector<uint32_t> finished_;
};

}  // namespace packetbeat
