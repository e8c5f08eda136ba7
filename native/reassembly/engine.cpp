#include "reassembly/engine.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <limits>
#include <utility>

#include "reassembly/flow_row.h"
#include "reassembly/packet_row.h"

namespace packetbeat {
namespace {

constexpr Time kTick = kSecond;
constexpr Time kForEver = std::numeric_limits<Time>::max();

/// Counters are published that often when batches fill slowly. A power of two.
constexpr uint64_t kPublishEvery = 4096;

Time wall_clock() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

Engine::Engine(std::unique_ptr<Source> source, const EngineOptions& options, std::span<uint8_t> memory,
               BatchPool::HandOver hand_over)
    : hand_over_(std::move(hand_over)),
      processes_(options.processes),
      pool_(memory, BatchGeometry{},
            [this](uint32_t batch, uint32_t rows) {
              publish();
              if (hand_over_(batch, rows)) return true;
              halt();
              return false;
            }),
      rows_(pool_),
      fragments_(options.limits.tcp.held),
      conversations_(options.watches, options.limits, rows_, processes_.get()),
      tells_packets_(options.packets),
      held_limit_(options.limits.tcp.held),
      live_(source->live()),
      source_(std::move(source)) {
  if (options.flows) flows_.emplace(*options.flows, processes_.get());
  if (options.dump_path) dump_.emplace(*options.dump_path);
  if (options.filter) filter_.emplace(*options.filter);
  publish();
}

Engine::~Engine() = default;

void Engine::run() {
  std::exception_ptr failure;
  const auto attempt = [&failure](auto&& step) {
    try {
      step();
    } catch (...) {
      if (!failure) failure = std::current_exception();
    }
  };
  attempt([this] { read(); });
  close();
  attempt([this] {
    if (dump_) dump_->flush();
  });
  attempt([this] {
    conversations_.finish();
    if (flows_) flows_->finish(*this);
  });
  pool_.hand_over();
  publish();
  if (failure) std::rethrow_exception(failure);
}

void Engine::read() {
  Source* const source = source_.get();  // only this thread gives it back
  if (source == nullptr) return;
  Frame frame;
  Time last = kForEver;
  for (;;) {
    if (stopping_.load(std::memory_order_relaxed)) [[unlikely]] {
      if (!live_ || halted_.load(std::memory_order_relaxed)) return;
      // A ring keeps packets back for some milliseconds: they came before the end, too.
      if (last == kForEver) last = wall_clock();
    }
    switch (source->next(frame)) {
      case Source::Next::Frame:
        if (frame.time > last) return;
        if (!filter_ || filter_->matches(frame))
          packet(frame);
        else
          ++filtered_;
        break;
      case Source::Next::Idle:
        if (last != kForEver) return;
        idle();
        break;
      case Source::Next::End:
        return;
    }
  }
}

void Engine::halt() {
  halted_.store(true, std::memory_order_relaxed);
  stop();
}

void Engine::packet(const Frame& frame) {
  if ((++packets_ & (kPublishEvery - 1)) == 0) publish();
  bytes_ += frame.wire_length;
  if (dump_) dump_->write(frame);
  if (tells_packets_)
    tell(frame);
  else
    follow(frame);

  if (!live_ || !pool_.pending()) return;
  if (batch_began_ == 0) {
    batch_began_ = frame.time;
  } else if (frame.time - batch_began_ >= kLatency) {
    pool_.hand_over();
    batch_began_ = 0;
  }
}

void Engine::tell(const Frame& frame) {
  Frame kept = frame;
  if (const size_t room = longest_packet(pool_.geometry()); frame.bytes.size() > room) [[unlikely]] {
    ++cut_;
    kept.wire_length = std::max(frame.wire_length, static_cast<uint32_t>(frame.bytes.size()));
    kept.bytes = frame.bytes.first(room);
  }
  Packet packet;
  const DecodeResult result = decode(kept, packet);
  ++decoded_[static_cast<size_t>(result)];
  write_packet(kept, packet, result, pool_);
}

void Engine::follow(const Frame& frame) {
  advance(frame.time);
  enough_.hear([this](const Enough::Said& said) { conversations_.enough(said.conversation, said.told); });

  const uint32_t tap = tap_of(frame);
  Copies::Sight seen;
  if (tap != 0) seen = sight(frame, tap);
  if (seen.frame) return;

  Packet packet;
  const DecodeResult result = decode(frame, packet, &fragments_);
  ++decoded_[static_cast<size_t>(result)];
  if (tap != 0 && packet.ip_layers > 1) seen.talk = talk_seen(frame, packet, tap);
  const auto connection =
      result == DecodeResult::Ok && !seen.talk ? conversations_.add(packet) : std::nullopt;
  if (flows_) flows_->add(packet, connection, *this);
  share_budget();
}

/// Whether other taps showed the frame, or what both sides say in it.
Copies::Sight Engine::sight(const Frame& frame, uint32_t tap) {
  const auto ip = outermost_ip(frame);
  if (ip.empty()) return {};
  if (!copies_) copies_.emplace();
  return copies_->outermost(ip, tap, frame.time);
}

/// Whether other taps showed what is in the frame's tunnel.
bool Engine::talk_seen(const Frame& frame, const Packet& packet, uint32_t tap) {
  const uint8_t* const end = frame.bytes.data() + frame.bytes.size();
  // A packet put together of fragments does not lie in the frame.
  if (!copies_ || packet.network < frame.bytes.data() || packet.network >= end) return false;
  const std::span<const uint8_t> inmost{packet.network, end};
  return has_ip_header(inmost) && copies_->inmost(inmost, tap, frame.time);
}

void Engine::idle() {
  if (live_ && !tells_packets_) advance(wall_clock());
  pool_.hand_over();
  batch_began_ = 0;
  publish();
}

void Engine::advance(Time now) {
  if (now <= clock_) return;  // packets of several queues are not in order; time never goes back
  if (clock_ == 0) ticked_ = now;
  clock_ = now;
  if (now - ticked_ >= kTick) {
    ticked_ = now;
    pool_.push(Row::make(RowKind::Tick, now));
    fragments_.advance(now);
  }
  conversations_.advance(now);
  if (flows_) flows_->advance(now, *this);
}

void Engine::share_budget() {
  TcpStreams& streams = conversations_.streams();
  while (fragments_.held_bytes() + streams.held_bytes() > held_limit_) [[unlikely]] {
    // The larger part gives way first: neither can push the other out.
    const bool tcp = streams.held_bytes() >= fragments_.held_bytes();
    if (!(tcp ? streams.shed() : fragments_.shed())) break;
  }
}

void Engine::report(const FlowReport& flow) {
  ++reports_;
  write_flow(flow, flow_row_);
  pool_.align();
  pool_.push(Row::make(RowKind::Flow, clock_), flow_row_);
}

void Engine::abandon() {
  halt();
  pool_.abandon();
}

bool Engine::with_source(const std::function<void(Source&)>& use) {
  std::lock_guard lock(mutex_);
  if (source_) use(*source_);
  return source_ != nullptr;
}

void Engine::close() {
  std::lock_guard lock(mutex_);
  if (!source_) return;
  last_source_ = source_->stats();
  source_.reset();
}

}  // namespace packetbeat
