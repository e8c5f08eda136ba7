// Who talked to whom, and how much: one entry per flow, reported by the packet clock.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "decode/packet.h"
#include "process/process.h"
#include "reassembly/flow_index.h"
#include "reassembly/flow_key.h"
#include "reassembly/flow_report.h"
#include "reassembly/tcp_health.h"

namespace packetbeat {

/// One thread. Reports come in the order of the packets alone: the same packets give the same reports.
class FlowTable {
 public:
  struct Options {
    Time timeout = 30 * kSecond;   // idle that long, a flow is reported final at the next tick
    Time period = 10 * kSecond;    // all live flows are reported that often; 0: only at their end
    bool delta = false;            // bytes and packets count from the last report on
    uint32_t maximum = 1'000'000;  // flows at once; then the one idle longest is reported final
    bool count_fragments = true;   // a datagram in fragments counts all of them, not the last one alone
  };

  struct Counters {
    uint64_t opened = 0;
    uint64_t evicted = 0;  // reported final because the table was full
  };

  /// `processes`: where those of each flow are asked for, as soon as its first packet is seen; null: nowhere.
  explicit FlowTable(const Options& options, ProcessLookup* processes = nullptr);

  /// Counts the packet, after `advance` to its time. A packet without addresses, and a fragment whose
  /// datagram is not complete, are left out. `connection`: the number of the TCP connection on a watched
  /// port, from 1.
  void add(const Packet& packet, std::optional<uint64_t> connection, FlowSink& sink);
  /// Reports what is due by `now`. The clock never goes back.
  void advance(Time now, FlowSink& sink) {
    if (now <= now_) {
      jumbled_ |= now < now_ - kSecond;
      return;
    }
    now_ = now;
    if (now >= next_check_) check(now, sink);
  }
  /// Reports every flow as final, in the order they began.
  void finish(FlowSink& sink);

  uint32_t size() const { return index_.size(); }
  const Counters& counters() const { return counters_; }

 private:
  static constexpr uint32_t kNone = UINT32_MAX;
  /// In `seen_`, of a place without a flow: never idle.
  static constexpr Time kFree = INT64_MAX;

  struct Side {
    uint64_t packets = 0, bytes = 0;
  };
  struct Flow {
    FlowKey key{};
    Time start = 0, end = 0;  // the earliest and the latest packet
    std::array<Side, 2> side;
    TcpHealth tcp{};
    uint64_t hash = 0, serial = 0;
    uint32_t older = kNone, younger = kNone;                // in the order they began
    uint8_t source = 0;                                     // the side that sent the first packet
    uint8_t icmp_type = 0, icmp_code = 0, icmp_sender = 0;  // of the last message
  };
  /// A flow as it was when it was put aside; it may have gone on, or be another one by now.
  struct Candidate {
    uint32_t number;
    Time seen;
    uint64_t serial;
  };

  /// What is known of a flow's processes, by its two sides.
  struct Processes {
    uint32_t ticket = 0;  // 0: all is known
    std::array<ProcessPointer, 2> side{};
  };
  void ask_processes(uint32_t number);
  void hear_processes(uint32_t number);
  void hear_all_processes();

  // Flows stay where they are, so that growing the table moves nothing.
  static constexpr uint32_t kChunk = 1024;
  Flow& at(uint32_t number) { return chunks_[number / kChunk][number % kChunk]; }
  uint32_t take_place();
  uint32_t find_or_open(const FlowKey& key, const Packet& packet, unsigned sender, FlowSink& sink);
  void count(Flow& flow, const Packet& packet, unsigned sender);
  void check(Time now, FlowSink& sink);
  void tick(Time now, FlowSink& sink);
  Time linger() const;
  void end_closed(Time since, FlowSink& sink);
  void end_idle(Time since, FlowSink& sink);
  void evict(FlowSink& sink);
  bool unchanged(const Candidate& candidate);
  void end(uint32_t number, FlowSink& sink);
  void report(uint32_t number, bool final, FlowSink& sink);

  Options options_;
  ProcessLookup* const lookup_;
  Time interval_;  // between ticks
  Time now_ = INT64_MIN, next_check_ = INT64_MIN, next_tick_ = 0, next_period_ = 0;
  bool jumbled_ = false;  // time went back by a second or more, as in files put together from several
  FlowHash hash_;
  FlowIndex index_;
  std::vector<std::unique_ptr<Flow[]>> chunks_;
  // The clock at each flow's last packet, apart from the flows: what is idle is found by reading through it,
  // and a packet has no list to reorder.
  std::vector<Time> seen_;
  std::vector<Processes> processes_;  // beside each flow, where they are looked up
  std::vector<Candidate> asked_;      // flows whose processes are not known yet; `seen` means nothing
  std::vector<uint32_t> free_;
  uint32_t oldest_ = kNone, youngest_ = kNone;
  std::deque<Candidate> closed_;      // connections that ended, in that order
  std::vector<Candidate> evictable_;  // the ones idle longest when last looked, the very longest at the end
  Counters counters_;
};

}  // namespace packetbeat
