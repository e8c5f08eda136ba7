// Every conversation of a capture: which packets belong to it, who asks and who answers, when it is over.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "decode/packet.h"
#include "process/process.h"
#include "reassembly/conversation_table.h"
#include "reassembly/row_writer.h"
#include "reassembly/tcp_streams.h"
#include "reassembly/watch.h"

namespace packetbeat {

/// One capture thread; rows go where `rows` says.
class Conversations {
 public:
  struct Limits {
    uint32_t conversations = 1'000'000;
    TcpStreams::Limits tcp{};
  };
  struct Counters {
    uint64_t opened = 0;
    uint64_t closed = 0;
    uint64_t evicted = 0;  // of those closed: for want of room
  };
  /// After its close a TCP connection is remembered that long, so that late segments do not open it anew. RFC
  /// 9293 waits four minutes; retransmissions that matter come within seconds.
  static constexpr Time kLinger = 20 * kSecond;

  /// `processes`: where each conversation's are asked for, as soon as its first packet is seen; null:
  /// nowhere.
  Conversations(const std::vector<Watch>& watches, const Limits& limits, RowWriter& rows,
                ProcessLookup* processes = nullptr);

  /// Takes a packet, after `advance` to its time. Returns the number of its TCP connection, if it has one.
  std::optional<uint64_t> add(const Packet& packet);
  /// Closes what has been idle for too long by `now`, and gives up holes. The clock never goes back.
  void advance(Time now) {
    now_ = now;
    streams_.expire(now);
    if (!streams_.finished().empty()) [[unlikely]]
      close_finished();
    if (now - swept_ >= kSweep) sweep();
  }
  /// Tells no more of the conversation but its close, if it is still the one whose `open` row was number
  /// `told`.
  void enough(uint32_t id, uint32_t told) {
    if (table_.has(id) && table_[id].told == told) table_[id].enough = true;
  }
  /// Closes all that are open, in the order they were opened.
  void finish();

  /// Conversations that are open now.
  uint64_t open() const { return counters_.opened - counters_.closed; }
  const Counters& counters() const { return counters_; }
  TcpStreams& streams() { return streams_; }

 private:
  static constexpr Time kSweep = kSecond / 4;
  static constexpr size_t kLingerList = 0;

  std::optional<uint64_t> add_tcp(const Packet& packet);
  void add_datagram(const Packet& packet);
  void add_icmp(const Packet& packet);
  /// A datagram or an ICMP message. `answer`, `watch`: how its conversation begins, if it is the first that
  /// is seen.
  void tell(const Packet& packet, const Endpoints& ends, bool answer, int watch);
  uint32_t open(const Endpoints& ends, uint32_t hash, int watch);
  void close(uint32_t id, CloseReason reason);
  void erase(uint32_t id);
  void make_room();
  void sweep();
  void close_finished();
  /// True when the packet begins a connection other than the one it was found in.
  bool begins_anew(const Conversation& conversation, unsigned direction, const Packet& packet) const;
  bool too_old(const Conversation& conversation) const;
  size_t list_of(const Conversation& conversation) const;

  const PortIndex ports_;
  const uint32_t maximum_;
  std::vector<uint8_t> list_of_watch_;  // watches that wait equally long share a list
  const std::vector<Time> idle_;        // by list
  RowWriter& rows_;
  ProcessLookup* const processes_;
  ConversationTable table_;
  TcpStreams streams_;
  Counters counters_;
  uint64_t order_ = 0, number_ = 0;
  Time now_ = 0, swept_ = 0;
};

}  // namespace packetbeat
