// The whole native path of one capture: source, decoding, conversations, flows, batches. Knows nothing of
// Node.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "capture/batch_pool.h"
#include "capture/dump_file.h"
#include "capture/packet_filter.h"
#include "capture/source.h"
#include "decode/decode.h"
#include "process/process.h"
#include "reassembly/conversations.h"
#include "reassembly/copies.h"
#include "reassembly/enough.h"
#include "reassembly/flow_table.h"
#include "reassembly/ip_fragments.h"

namespace packetbeat {

struct EngineOptions {
  std::vector<Watch> watches;
  std::optional<FlowTable::Options> flows;
  Conversations::Limits limits;
  std::optional<std::string> dump_path;
  /// Who owns the sockets of this machine; null: nobody asks.
  std::shared_ptr<ProcessLookup> processes{};
  /// Rows of packets, and of nothing else: nobody asks for watches or flows then.
  bool packets = false;
  /// A pcap filter expression for what the source gives; a live source has its own in the kernel.
  std::optional<std::string> filter{};
};

/// One thread calls `run`, once; the rest is for any thread.
class Engine final : private FlowSink {
 public:
  using Stats = std::vector<std::pair<std::string_view, uint64_t>>;

  /// Rows of a live capture are not kept back longer than that.
  static constexpr Time kLatency = 15'000'000;

  /// `memory` as for BatchPool; `hand_over` is called by the thread that runs.
  Engine(std::unique_ptr<Source> source, const EngineOptions& options, std::span<uint8_t> memory,
         BatchPool::HandOver hand_over);
  ~Engine() override;

  /// Reads to the end, or until `stop`; then closes everything, hands over what is left and gives the source
  /// back.
  /// @throws CaptureError, after all that, when the source or the dump file broke.
  void run();

  /// Reads no further, but for what a live source has captured until now: within some 100 ms, or until a
  /// packet that came later. What was read still arrives, so batches must still be released.
  void stop() { stopping_.store(true, std::memory_order_relaxed); }
  /// Nobody reads any more: `run` returns soon, and drops what it has.
  void abandon();
  void release(uint32_t batch) { pool_.release(batch); }
  /// The reader wants no more of the conversation's bytes; see `Conversations::enough`. Of what was read
  /// already some may still come.
  void enough(uint32_t conversation, uint32_t told) { enough_.say({conversation, told}); }
  /// Calls `use` with the source while it is open, and keeps it open as long. False: it was given back.
  bool with_source(const std::function<void(Source&)>& use);
  /// Closes the source without having run.
  void close();
  /// Counters by name, in the order a packet meets them. As new as the last batch, at most some milliseconds
  /// old.
  Stats stats() const;

 private:
  void read();
  void halt();
  void packet(const Frame& frame);
  void tell(const Frame& frame);
  void follow(const Frame& frame);
  Copies::Sight sight(const Frame& frame, uint32_t tap);
  bool talk_seen(const Frame& frame, const Packet& packet, uint32_t tap);
  void idle();
  void advance(Time now);
  void share_budget();
  void publish();
  void report(const FlowReport& flow) override;

  const BatchPool::HandOver hand_over_;
  const std::shared_ptr<ProcessLookup> processes_;
  BatchPool pool_;
  RowWriter rows_;
  IpFragments fragments_;
  Conversations conversations_;
  Enough enough_;
  std::optional<FlowTable> flows_;
  std::optional<DumpFile> dump_;
  std::optional<PacketFilter> filter_;
  std::optional<Copies> copies_;  // once a frame says which tap it passed
  const bool tells_packets_;
  const uint64_t held_limit_;

  bool live_ = false;
  Time clock_ = 0;        // the latest packet's
  Time ticked_ = 0;       // the last tick's
  Time batch_began_ = 0;  // time of the first packet with rows in the open batch, 0 without
  uint64_t packets_ = 0, bytes_ = 0, reports_ = 0;
  uint64_t filtered_ = 0, cut_ = 0;
  std::array<uint64_t, kDecodeCounters.size()> decoded_{};
  std::vector<uint8_t> flow_row_;
  std::atomic<bool> stopping_ = false;
  std::atomic<bool> halted_ = false;  // nobody reads what would come

  mutable std::mutex mutex_;  // of what follows
  std::unique_ptr<Source> source_;
  SourceStats last_source_;
  Stats published_;  // without the source's and the pool's, which are asked when needed
};

}  // namespace packetbeat
