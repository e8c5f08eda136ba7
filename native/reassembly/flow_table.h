// Who talked to whom, and how much: one entry per flow, reported by the packet clock.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "decode/packet.h"
#include "reassembly/flow_report.h"

namespace packetbeat {

class FlowTable {
 public:
  struct Options {
    Time timeout = 30 * kSecond;  // idle that long, a flow is reported final
    Time period = 10 * kSecond;   // all live flows are reported that often; 0: only at their end
    bool delta = false;           // bytes and packets count from the last report on
    uint32_t maximum = 1'000'000; // flows at once; then the one idle longest is reported final
  };

  struct Counters {
    uint64_t opened = 0;
    uint64_t evicted = 0;  // reported final because the table was full
  };

  explicit FlowTable(const Options& options);
  ~FlowTable();

  /// Counts the packet, after `advance` to its time. A packet without addresses, and a fragment whose datagram is
  /// not complete, are left out. `connection`: the number of the TCP connection on a watched port, from 1.
  void add(const Packet& packet, std::optional<uint64_t> connection, FlowSink& sink);
  /// Reports what is due by `now`. The clock never goes back.
  void advance(Time now, FlowSink& sink);
  /// Reports every flow as final, the one begun first before the others.
  void finish(FlowSink& sink);

  uint32_t size() const;
  const Counters& counters() const;
};

}  // namespace packetbeat
