#include "reassembly/flow_table.h"

#include <algorithm>
#include <numeric>

#include "system/random_seed.h"

namespace packetbeat {
namespace {

/// After FIN from both sides, or RST, the last acknowledgements still belong to the flow.
constexpr Time kLinger = 2 * kSecond;

/// Ticks are aligned to it, so that reports of all hosts and runs fall on the same times.
constexpr Time kAlignment = 10 * kSecond;

/// An hour of ticks at one a second; beyond, time did not pass, a file's clock is wrong.
constexpr int kMadeUp = 3600;

Time round_up(Time time, Time unit) {
  return (time / unit + (time % unit > 0)) * unit;
}

/// Ticks come at the greatest common divisor of the two times, at least a second apart.
Time tick_interval(const FlowTable::Options& options) {
  return std::max(std::gcd(options.timeout / kSecond, options.period / kSecond), Time{1}) * kSecond;
}

}  // namespace

FlowTable::FlowTable(const Options& options, ProcessLookup* processes)
    : options_(options), lookup_(processes), interval_(tick_interval(options)), hash_(random_seed()) {
  options_.maximum = std::clamp(options_.maximum, 1u, kNone - 1);
}

void FlowTable::add(const Packet& packet, std::optional<uint64_t> connection, FlowSink& sink) {
  advance(packet.time, sink);
  if (packet.fragment || (!packet.has_macs && packet.ip_layers == 0)) return;
  FlowKey key;
  unsigned sender = make_flow_key(packet, connection, key);
  uint32_t number = find_or_open(key, packet, sender, sink);
  Flow& flow = at(number);
  seen_[number] = now_;
  bool was_closed = flow.tcp.closed();
  count(flow, packet, sender);
  if (!was_closed && flow.tcp.closed()) closed_.push_back({number, now_, flow.serial});
}

uint32_t FlowTable::find_or_open(const FlowKey& key, const Packet& packet, unsigned sender, FlowSink& sink) {
  uint64_t hashed = hash_(key);
  uint32_t number = index_.find(hashed, [&](uint32_t candidate) { return at(candidate).key == key; });
  if (number != kNone) {
    if (packet.protocol != kTcp || !at(number).tcp.begins_anew(packet)) return number;
    end(number, sink);
  }
  if (size() >= options_.maximum) evict(sink);
  number = take_place();
  Flow& flow = at(number);
  flow = Flow{};
  flow.key = key;
  flow.hash = hashed;
  flow.serial = ++counters_.opened;
  flow.start = flow.end = packet.time;
  flow.source = static_cast<uint8_t>(sender);
  flow.older = youngest_;
  (youngest_ == kNone ? oldest_ : at(youngest_).younger) = number;
  youngest_ = number;
  index_.insert(hashed, number);
  if (lookup_) ask_processes(number);
  return number;
}

uint32_t FlowTable::take_place() {
  if (free_.empty()) {
    auto first = static_cast<uint32_t>(chunks_.size() * kChunk);
    chunks_.push_back(std::make_unique<Flow[]>(kChunk));
    seen_.resize(seen_.size() + kChunk, kFree);
    if (lookup_) processes_.resize(seen_.size());
    for (uint32_t i = kChunk; i > 0; --i) free_.push_back(first + i - 1);
  }
  uint32_t number = free_.back();
  free_.pop_back();
  return number;
}

void FlowTable::count(Flow& flow, const Packet& packet, unsigned sender) {
  Side& side = flow.side[sender];
  side.packets += 1;
  side.bytes += packet.wire_length;
  if (options_.count_fragments) {
    side.packets += packet.earlier_frames;
    side.bytes += packet.earlier_bytes;
  }
  flow.start = std::min(flow.start, packet.time);
  flow.end = std::max(flow.end, packet.time);
  if (packet.protocol == kTcp && packet.has_ports) flow.tcp.add(packet, sender);
  if ((packet.protocol == kIcmp || packet.protocol == kIcmp6) && !packet.payload.empty()) {
    flow.icmp_type = packet.icmp_type;
    flow.icmp_code = packet.icmp_code;
    flow.icmp_sender = static_cast<uint8_t>(sender);
  }
}

void FlowTable::check(Time now, FlowSink& sink) {
  if (next_check_ == INT64_MIN) {
    next_tick_ = round_up(now + 1, kAlignment);
    next_period_ = next_tick_;
  }
  // Time may jump over many ticks. They are made up for as they would have come, until no flow is left.
  for (int made_up = 0; next_tick_ <= now && size() != 0; ++made_up, next_tick_ += interval_) {
    if (made_up == kMadeUp) next_tick_ += (now - next_tick_) / interval_ * interval_;
    tick(next_tick_, sink);
  }
  if (next_tick_ <= now) next_tick_ += (now - next_tick_) / interval_ * interval_ + interval_;
  if (options_.period > 0 && next_period_ <= now) {
    next_period_ += ((now - next_period_) / options_.period + 1) * options_.period;
  }
  end_closed(now - linger(), sink);
  hear_all_processes();
  next_check_ = std::min(next_tick_, round_up(now + 1, kSecond));
}

void FlowTable::tick(Time now, FlowSink& sink) {
  end_closed(now - linger(), sink);
  end_idle(now - options_.timeout, sink);
  if (options_.period <= 0 || now < next_period_) return;
  next_period_ += options_.period;
  for (uint32_t number = oldest_; number != kNone; number = at(number).younger) report(number, false, sink);
}

/// How long a closed connection waits for its last packets. In a jumbled file they may come at any time.
Time FlowTable::linger() const {
  return jumbled_ ? options_.timeout : std::min(kLinger, options_.timeout);
}

bool FlowTable::unchanged(const Candidate& candidate) {
  return seen_[candidate.number] == candidate.seen && at(candidate.number).serial == candidate.serial;
}

/// Ends the closed connections without a packet after `since`.
void FlowTable::end_closed(Time since, FlowSink& sink) {
  while (!closed_.empty() && closed_.front().seen < since) {
    Candidate candidate = closed_.front();
    closed_.pop_front();
    if (unchanged(candidate)) {
      end(candidate.number, sink);
    } else if (seen_[candidate.number] != kFree && at(candidate.number).serial == candidate.serial) {
      closed_.push_back({candidate.number, seen_[candidate.number], candidate.serial});
    }
  }
}

/// Ends the flows without a packet after `since`, the one idle longest first.
void FlowTable::end_idle(Time since, FlowSink& sink) {
  std::vector<Candidate> idle;
  for (uint32_t number = 0; number < seen_.size(); ++number) {
    if (seen_[number] < since) idle.push_back({number, seen_[number], at(number).serial});
  }
  std::sort(idle.begin(), idle.end(), [](const Candidate& a, const Candidate& b) {
    return a.seen != b.seen ? a.seen < b.seen : a.serial < b.serial;
  });
  for (const Candidate& candidate : idle) end(candidate.number, sink);
}

/// Ends the flow idle longest. Looks at all of them once for many: of those found idle longest then, any that
/// had no packet since are idle longest still.
void FlowTable::evict(FlowSink& sink) {
  ++counters_.evicted;
  auto longest_last = [](const Candidate& a, const Candidate& b) {
    return a.seen != b.seen ? a.seen > b.seen : a.serial > b.serial;
  };
  for (;;) {
    while (!evictable_.empty()) {
      Candidate candidate = evictable_.back();
      evictable_.pop_back();
      if (unchanged(candidate)) return end(candidate.number, sink);
    }
    for (uint32_t number = 0; number < seen_.size(); ++number) {
      if (seen_[number] != kFree) evictable_.push_back({number, seen_[number], at(number).serial});
    }
    auto some =
        evictable_.begin() + static_cast<std::ptrdiff_t>(evictable_.size() - evictable_.size() / 16 - 1);
    std::nth_element(evictable_.begin(), some, evictable_.end(), longest_last);
    evictable_.erase(evictable_.begin(), some);
    std::sort(evictable_.begin(), evictable_.end(), longest_last);
  }
}

void FlowTable::finish(FlowSink& sink) {
  while (oldest_ != kNone) end(oldest_, sink);
}

void FlowTable::end(uint32_t number, FlowSink& sink) {
  const Flow& flow = at(number);
  report(number, true, sink);
  index_.remove(flow.hash, number);
  (flow.older == kNone ? oldest_ : at(flow.older).younger) = flow.younger;
  (flow.younger == kNone ? youngest_ : at(flow.younger).older) = flow.older;
  seen_[number] = kFree;
  if (lookup_) processes_[number] = {};
  free_.push_back(number);
}

}  // namespace packetbeat
