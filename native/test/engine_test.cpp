#include "reassembly/engine.h"

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <queue>
#include <thread>

#include "capture/open_source.h"
#include "check.h"
#include "frame_builder.h"
#include "reassembly/packet_row.h"
#include "rows.h"

using namespace packetbeat;

namespace {

constexpr Time kStart = 1'700'000'000 * kSecond;

struct Step {
  Time time = 0;
  build::Bytes bytes{};
  bool idle = false;
};

/// Gives what it was made with; then ends, breaks, or stays idle.
class Script final : public Source {
 public:
  enum class End { Quiet, Broken, Never };
  explicit Script(std::vector<Step> steps, End end = End::Quiet, bool live = false)
      : steps_(std::move(steps)), end_(end), live_(live) {}

  Next next(Frame& frame) override {
    if (at_ < steps_.size()) {
      const Step& step = steps_[at_++];
      if (step.idle) return Next::Idle;
      frame = build::frame(step.bytes, Link::Ethernet, step.time);
      return Next::Frame;
    }
    if (end_ == End::Broken) throw CaptureError("ERR_CAPTURE_FILE_TRUNCATED", "cut");
    if (end_ == End::Quiet) return Next::End;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return Next::Idle;
  }
  bool live() const override { return live_; }
  SourceStats stats() const override { return {.kernel_packets = 9, .kernel_dropped = 2}; }

 private:
  std::vector<Step> steps_;
  size_t at_ = 0;
  End end_;
  bool live_;
};

/// Reads rows on its own thread, as JavaScript would.
class Reading {
 public:
  explicit Reading(std::unique_ptr<Source> source, const EngineOptions& options = watched())
      : memory_(BatchGeometry{}.total_bytes() / 8),
        engine(
            std::move(source), options, {start(), BatchGeometry{}.total_bytes()},
            [this](uint32_t batch, uint32_t rows) {
              std::lock_guard lock(mutex_);
              if (gone_) return false;
              for (Told& row : read_rows(start() + size_t{batch} * BatchGeometry{}.batch_bytes(), {}, rows))
                told_.push_back(std::move(row));
              ++batches_;
              engine.release(batch);
              return true;
            }) {}

  static EngineOptions watched() {
    EngineOptions options;
    options.watches = {{.tcp = true, .udp = true, .ports = {80}}};
    options.flows.emplace();
    return options;
  }
  std::string run() {
    try {
      engine.run();
      return "";
    } catch (const CaptureError& error) {
      return error.code();
    }
  }
  std::vector<Told> told() {
    std::lock_guard lock(mutex_);
    return told_;
  }
  size_t count(RowKind kind) {
    size_t count = 0;
    for (const Told& row : told()) count += row.kind == kind;
    return count;
  }
  uint64_t stat(std::string_view name) {
    for (const auto& [key, value] : engine.stats())
      if (key == name) return value;
    CHECK(!"a counter of that name");
    return 0;
  }
  int batches() {
    std::lock_guard lock(mutex_);
    return batches_;
  }
  void leave() {
    std::lock_guard lock(mutex_);
    gone_ = true;
  }

 private:
  uint8_t* start() { return reinterpret_cast<uint8_t*>(memory_.data()); }

  std::vector<uint64_t> memory_;
  std::mutex mutex_;
  std::vector<Told> told_;
  int batches_ = 0;
  bool gone_ = false;

 public:
  Engine engine;
};

build::Bytes request(uint32_t sequence, std::string_view text, uint16_t port = 80) {
  using namespace build;
  return ethernet(
      0x0800, ipv4("10.0.0.1", "10.0.0.2", 6, tcp(40000, port, build::text(text), {.sequence = sequence})));
}

void packets_become_rows() {
  Reading reading(std::make_unique<Script>(std::vector<Step>{
      {kStart, request(1, "abc")},
      {kStart + kSecond / 2, request(4, "def")},
      {kStart + 3 * kSecond, request(10, "jkl")},
      {kStart + 3 * kSecond, request(1, "not watched", 81)},
      {kStart + 3 * kSecond, build::ethernet(0x0806, build::zeros(28))},
  }));
  CHECK(reading.run().empty());
  std::string kinds;
  for (const Told& row : reading.told())
    kinds += std::string(kRowKindNames[static_cast<size_t>(row.kind)]) + " ";
  CHECK(kinds == "open data data tick gap data close flow flow flow ");
  CHECK(reading.stat("capture.packets") == 5);
  CHECK(reading.stat("decode.decoded") == 4 && reading.stat("decode.not_ip") == 1);
  CHECK(reading.stat("tcp.gap_bytes") == 3);
  CHECK(reading.stat("conversations.opened") == 1 && reading.stat("conversations.open") == 0);
  CHECK(reading.stat("flows.reported") == 3);
  CHECK(reading.stat("batches.handed_over") == 1);
  CHECK(reading.stat("capture.kernel_dropped") == 2);  // still known when the source is gone
  CHECK(!reading.engine.with_source([](Source&) {}));
}

void a_flow_row_holds_numbers_and_texts() {
  Reading reading(std::make_unique<Script>(std::vector<Step>{{kStart, request(1, "abc")}}));
  reading.run();
  const Told flow = reading.told().back();
  CHECK(flow.kind == RowKind::Flow);
  double columns[kFlowColumns];
  CHECK(flow.bytes.size() > sizeof columns);
  std::memcpy(columns, flow.bytes.data(), sizeof columns);
  CHECK(columns[static_cast<size_t>(FlowColumn::StartSeconds)] == 1'700'000'000);
  CHECK(columns[static_cast<size_t>(FlowColumn::DestinationPort)] == 80);
  CHECK(std::count(flow.bytes.begin() + sizeof columns, flow.bytes.end(), '\0') == kFlowTexts - 1);
}

void a_broken_source_keeps_what_it_gave() {
  Reading reading(
      std::make_unique<Script>(std::vector<Step>{{kStart, request(1, "abc")}}, Script::End::Broken));
  CHECK(reading.run() == "ERR_CAPTURE_FILE_TRUNCATED");
  CHECK(reading.count(RowKind::Data) == 1 && reading.count(RowKind::Close) == 1);
}

void an_idle_live_capture_hands_over_and_ticks() {
  const Time now = std::chrono::duration_cast<std::chrono::nanoseconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count();
  Reading reading(std::make_unique<Script>(
      std::vector<Step>{{now - 5 * kSecond, request(1, "abc")}, {.idle = true}}, Script::End::Never, true));
  std::thread thread([&] { reading.run(); });
  while (reading.batches() == 0) std::this_thread::yield();
  while (reading.count(RowKind::Tick) == 0) std::this_thread::yield();
  reading.engine.stop();
  thread.join();
  CHECK(reading.told().back().kind == RowKind::Flow);
  CHECK(reading.count(RowKind::Close) == 1);
}

void a_stopped_live_capture_reads_what_had_come_before() {
  const Time now = std::chrono::duration_cast<std::chrono::nanoseconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count();
  const Step before{now - kSecond, request(1, "abc")};
  const Step after{now + 60 * kSecond, request(4, "def")};
  for (const Step& end : {after, Step{.idle = true}}) {
    Reading reading(
        std::make_unique<Script>(std::vector<Step>{before, end, after}, Script::End::Never, true));
    reading.engine.stop();
    reading.run();
    CHECK(reading.count(RowKind::Data) == 1);
    CHECK(reading.count(RowKind::Close) == 1);
  }
  Reading abandoned(std::make_unique<Script>(std::vector<Step>{before}, Script::End::Never, true));
  abandoned.engine.abandon();
  abandoned.run();
  CHECK(abandoned.count(RowKind::Data) == 0);
}

void rows_of_a_slow_live_capture_do_not_wait() {
  std::vector<Step> steps;
  for (int i = 0; i < 100; ++i)
    steps.push_back({kStart + i * 5'000'000, request(static_cast<uint32_t>(1 + i * 3), "abc")});
  Reading reading(std::make_unique<Script>(steps, Script::End::Quiet, true));
  reading.run();
  CHECK(reading.batches() >= 20 && reading.batches() <= 40);
}

void a_reader_who_leaves_ends_the_capture() {
  std::vector<Step> steps;
  for (uint32_t i = 0; i < 100'000; ++i) steps.push_back({kStart, request(1 + i * 3, "abc")});
  Reading reading(std::make_unique<Script>(steps));
  reading.leave();
  reading.run();
  CHECK(reading.stat("capture.packets") < 10'000);

  Reading abandoned(std::make_unique<Script>(std::vector<Step>{}, Script::End::Never));
  std::thread thread([&] { abandoned.run(); });
  abandoned.engine.abandon();
  thread.join();
}

void a_dump_holds_what_was_captured() {
  const auto path =
      std::filesystem::temp_directory_path() / ("engine_test." + std::to_string(getpid()) + ".pcap");
  EngineOptions options = Reading::watched();
  options.dump_path = path.string();
  const auto frame = request(1, "abc");
  Reading reading(std::make_unique<Script>(std::vector<Step>{{kStart, frame}, {kStart, frame}}), options);
  CHECK(reading.run().empty());
  CHECK(std::filesystem::file_size(path) == 24 + 2 * (16 + frame.size()));
  std::filesystem::remove(path);

  options.dump_path = "/nowhere/at/all.pcap";
  Reading refused(std::make_unique<Script>(std::vector<Step>{{kStart, frame}}), options);
  CHECK(refused.run() == "ERR_CAPTURE_DUMP");
}

void fragments_and_segments_share_a_budget() {
  using namespace build;
  EngineOptions options = Reading::watched();
  options.limits.tcp.held = 4000;
  std::vector<Step> steps;
  for (uint16_t id = 1; id <= 3; ++id)  // first fragments without a rest
    steps.push_back({kStart, ethernet(0x0800, ipv4("10.0.0.1", "10.0.0.2", 17, zeros(800),
                                                   {.id = id, .fragment = 0x2000}))});
  steps.push_back({kStart, request(1, "abc")});
  for (uint32_t i = 0; i < 8; ++i) steps.push_back({kStart, request(1000 + 900 * i, std::string(800, 'x'))});
  Reading reading(std::make_unique<Script>(steps, Script::End::Broken), options);
  reading.run();
  CHECK(reading.stat("fragments.evicted") > 0);
  CHECK(reading.stat("tcp.shed_bytes") > 0);
}

void packets_are_all_that_is_told_of_them() {
  EngineOptions options;
  options.packets = true;
  const auto arp = build::ethernet(0x0806, build::zeros(28));
  Reading reading(std::make_unique<Script>(std::vector<Step>{
                      {kStart, request(1, "abc")}, {kStart + 5 * kSecond, arp}, {.idle = true}}),
                  options);
  CHECK(reading.run().empty());
  CHECK(reading.count(RowKind::Packet) == 2 && reading.told().size() == 2);
  CHECK(reading.told().front().bytes.size() == 16 + request(1, "abc").size());
  CHECK(reading.stat("decode.decoded") == 1 && reading.stat("decode.not_ip") == 1);
  CHECK(reading.stat("batches.handed_over") == 1);
}

void a_packet_that_no_batch_holds_is_cut_and_counted() {
  EngineOptions options;
  options.packets = true;
  const build::Bytes longest = build::zeros(longest_packet(BatchGeometry{}));
  Reading reading(
      std::make_unique<Script>(std::vector<Step>{
          {kStart, longest}, {kStart, build::zeros(longest.size() + 1)}, {kStart, request(1, "abc")}}),
      options);
  CHECK(reading.run().empty());
  const auto told = reading.told();
  CHECK(told.size() == 3);
  CHECK(told[0].bytes.size() == told[1].bytes.size());
  CHECK(told[1].a == longest.size() + 1);
  CHECK(reading.stat("capture.cut") == 1);
}

void a_filter_counts_what_it_refuses() {
  if (!libpcap_version()) return;
  EngineOptions options = Reading::watched();
  options.filter = "tcp port 80";
  Reading reading(
      std::make_unique<Script>(std::vector<Step>{{kStart, request(1, "abc")},
                                                 {kStart, request(4, "def", 81)},
                                                 {kStart, build::ethernet(0x0806, build::zeros(28))}}),
      options);
  CHECK(reading.run().empty());
  CHECK(reading.stat("capture.packets") == 1 && reading.stat("capture.filtered") == 2);
  CHECK(reading.count(RowKind::Data) == 1 && reading.count(RowKind::Flow) == 1);

  options.filter = "tcp prot 80";
  Reading refused(std::make_unique<Script>(std::vector<Step>{{kStart, request(1, "abc")}}), options);
  CHECK(refused.run() == "ERR_CAPTURE_FILTER");
}

}  // namespace

int main() {
  packets_become_rows();
  a_flow_row_holds_numbers_and_texts();
  a_broken_source_keeps_what_it_gave();
  an_idle_live_capture_hands_over_and_ticks();
  a_stopped_live_capture_reads_what_had_come_before();
  rows_of_a_slow_live_capture_do_not_wait();
  a_reader_who_leaves_ends_the_capture();
  a_dump_holds_what_was_captured();
  fragments_and_segments_share_a_budget();
  packets_are_all_that_is_told_of_them();
  a_packet_that_no_batch_holds_is_cut_and_counted();
  a_filter_counts_what_it_refuses();
}
