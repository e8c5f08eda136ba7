#include "reassembly/flow_table.h"

#include <algorithm>
#include <numeric>
#include <random>

namespace packetbeat {
namespace {

/// After FIN from both sides, or RST, the last acknowledgements still belong to the flow.
constexpr Time kLinger = 2 * kSecond;

/// Ticks are aligned to it, so that reports of all hosts and runs fall on the same times.
constexpr Time kAlignment = 10 * kSecond;

Time round_up(Time time, Time unit) { return (time / unit + (time % unit > 0)) * unit; }

/// Ticks come at the greatest common divisor of the two times, at least a second apart.
Time tick_interval(const FlowTable::Options& options) {
  return std::max(std::gcd(options.timeout / kSecond, options.period / kSecond), Time{1}) * kSecond;
}

uint64_t random_seed() {
  std::random_device device;
  return static_cast<uint64_t>(device()) << 32 | device();
}

}  // namespace

FlowTable::FlowTable(const Options& options)
    : options_(options), interval_(tick_interval(options)), seed_(random_seed()) {
  options_.maximum = std::clamp(options_.maximum, 1u, kNone - 1);
}

void FlowTable::add(const Packet& packet, std::optional<uint64_t> connection, FlowSink& sink) {
  advance(packet.time, sink);
  if (packet.fragment || (!packet.has_macs && packet.ip_layers == 0)) return;
  FlowKey key;
  unsigned sender = make_flow_key(packet, connection, key);
  uint32_t number = find_or_open(key, packet, sender, sink);
  count(at(number), packet, sender);
  close_if_done(number);
}

uint32_t FlowTable::find_or_open(const FlowKey& key, const Packet& packet, unsigned sender, FlowSink& sink) {
  uint64_t hashed = hash(key, seed_);
  uint32_t number = index_.find(hashed, [&](uint32_t candidate) { return at(candidate).key == key; });
  if (number != kNone) {
    if (packet.protocol != kTcp || !at(number).tcp.begins_anew(packet)) return number;
    end(number, sink);
  }
  if (index_.size() >= options_.maximum) {
    ++counters_.evicted;
    end(closing_.first != kNone ? closing_.first : open_.first, sink);
  }
  number = take_place();
  Flow& flow = at(number);
  flow = Flow{};
  flow.key = key;
  flow.hash = hashed;
  flow.start = flow.end = packet.time;
  flow.source = static_cast<uint8_t>(sender);
  index_.insert(hashed, number);
  append(age_, &Flow::age, number);
  append(open_, &Flow::idle, number);
  ++counters_.opened;
  return number;
}

uint32_t FlowTable::take_place() {
  if (free_.empty()) {
    auto first = static_cast<uint32_t>(chunks_.size() * kChunk);
    chunks_.push_back(std::make_unique<Flow[]>(kChunk));
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
  flow.seen = now_;
  if (packet.protocol == kTcp && packet.has_ports) flow.tcp.add(packet, sender);
  if ((packet.protocol == kIcmp || packet.protocol == kIcmp6) && !packet.payload.empty()) {
    flow.icmp_type = packet.icmp_type;
    flow.icmp_code = packet.icmp_code;
    flow.icmp_sender = static_cast<uint8_t>(sender);
  }
}

/// Puts the flow at the end of its idle list; of the other one, once its connection is closed.
void FlowTable::close_if_done(uint32_t number) {
  Flow& flow = at(number);
  bool closing = flow.tcp.closed();
  if (closing == flow.closing && idle_list(flow).last == number) return;
  unlink(idle_list(flow), &Flow::idle, number);
  flow.closing = closing;
  append(idle_list(flow), &Flow::idle, number);
}

void FlowTable::append(List& list, Links Flow::* links, uint32_t number) {
  at(number).*links = {list.last, kNone};
  if (list.last == kNone) {
    list.first = number;
  } else {
    (at(list.last).*links).next = number;
  }
  list.last = number;
}

void FlowTable::unlink(List& list, Links Flow::* links, uint32_t number) {
  Links around = at(number).*links;
  (around.previous == kNone ? list.first : (at(around.previous).*links).next) = around.next;
  (around.next == kNone ? list.last : (at(around.next).*links).previous) = around.previous;
}

void FlowTable::check(Time now, FlowSink& sink) {
  if (next_check_ == INT64_MIN) {
    next_tick_ = round_up(now + 1, kAlignment);
    next_period_ = next_tick_;
  }
  // Time may jump over many ticks. Each is made up for as it would have come, until no flow is left.
  for (; next_tick_ <= now && size() != 0; next_tick_ += interval_) tick(next_tick_, sink);
  if (next_tick_ <= now) next_tick_ += (now - next_tick_) / interval_ * interval_ + interval_;
  if (options_.period > 0 && next_period_ <= now) {
    next_period_ += ((now - next_period_) / options_.period + 1) * options_.period;
  }
  report_idle(closing_, now - linger(), sink);
  next_check_ = std::min(next_tick_, round_up(now + 1, kSecond));
}

void FlowTable::tick(Time now, FlowSink& sink) {
  report_idle(closing_, now - linger(), sink);
  report_idle(open_, now - options_.timeout, sink);
  if (options_.period <= 0 || now < next_period_) return;
  next_period_ += options_.period;
  for (uint32_t number = age_.first; number != kNone; number = at(number).age.next) report(at(number), false, sink);
}

/// How long a closed connection waits for its last packets. In a jumbled file they may come at any time.
Time FlowTable::linger() const { return jumbled_ ? options_.timeout : std::min(kLinger, options_.timeout); }

/// Ends the flows without a packet after `since`.
void FlowTable::report_idle(List& list, Time since, FlowSink& sink) {
  while (list.first != kNone && at(list.first).seen < since) end(list.first, sink);
}

void FlowTable::finish(FlowSink& sink) {
  while (age_.first != kNone) end(age_.first, sink);
}

void FlowTable::end(uint32_t number, FlowSink& sink) {
  Flow& flow = at(number);
  report(flow, true, sink);
  index_.remove(flow.hash, number);
  unlink(age_, &Flow::age, number);
  unlink(idle_list(flow), &Flow::idle, number);
  free_.push_back(number);
}

}  // namespace packetbeat
