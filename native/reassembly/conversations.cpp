#include "reassembly/conversations.h"

#include <algorithm>

#include "reassembly/icmp_pair.h"

namespace packetbeat {
namespace {

Endpoints endpoints(const Packet& packet, uint16_t source_port, uint16_t destination_port) {
  const Address &source = packet.inner_source(), &destination = packet.inner_destination();
  return {source.bytes, destination.bytes, source_port, destination_port, source.version, packet.protocol};
}

/// The distinct idle times, behind the one of lingering entries; and which of them each watch has.
std::vector<Time> idle_times(const std::vector<Watch>& watches, std::vector<uint8_t>& list_of_watch) {
  std::vector<Time> idle{Conversations::kLinger};
  for (const Watch& watch : watches) {
    auto found = std::find(idle.begin() + 1, idle.end(), watch.idle);
    if (found == idle.end()) found = idle.insert(idle.end(), watch.idle);
    list_of_watch.push_back(static_cast<uint8_t>(found - idle.begin()));
  }
  return idle;
}

}  // namespace

Conversations::Conversations(const std::vector<Watch>& watches, const Limits& limits, RowWriter& rows,
                             ProcessLookup* processes)
    : ports_(watches),
      maximum_(std::max(limits.conversations, 1u)),
      idle_(idle_times(watches, list_of_watch_)),
      rows_(rows),
      processes_(processes),
      table_(idle_.size()),
      streams_(table_, rows, limits.tcp) {}

std::optional<uint64_t> Conversations::add(const Packet& packet) {
  if (packet.ip_layers == 0 || packet.fragment) return std::nullopt;
  switch (packet.protocol) {
    case kTcp:
      if (packet.has_ports) return add_tcp(packet);
      break;
    case kUdp:
      if (packet.has_ports) add_datagram(packet);
      break;
    case kIcmp:
    case kIcmp6:
      add_icmp(packet);
      break;
  }
  return std::nullopt;
}

std::optional<uint64_t> Conversations::add_tcp(const Packet& packet) {
  const int at_source = ports_.tcp(packet.source_port), at_destination = ports_.tcp(packet.destination_port);
  if (at_source == kUnwatched && at_destination == kUnwatched) return std::nullopt;

  const Endpoints ends = endpoints(packet, packet.source_port, packet.destination_port);
  const uint32_t hash = table_.hash(ends);
  auto [id, direction] = table_.find(ends, hash);
  if (id != kNobody) {
    const Conversation& known = table_[id];
    if (begins_anew(known, direction, packet)) {
      close(id, CloseReason::Replaced);
      erase(id);
      id = kNobody;
    } else if (too_old(known)) {
      close(id, CloseReason::Idle);
      erase(id);
      id = kNobody;
    } else if (known.over) {
      streams_.behind_end(known, direction, packet);
      table_.touch(id, kLingerList, now_);  // where one late copy comes from, more may
      return known.number;
    }
  }

  const bool reset = packet.tcp_flags & tcp_flag::kRst;
  if (id == kNobody) {
    if (reset) return std::nullopt;  // it ends what was not seen: nothing to tell
    const bool syn = packet.tcp_flags & tcp_flag::kSyn, ack = packet.tcp_flags & tcp_flag::kAck;
    const bool from_server = syn ? ack : ports_.from_server(at_source, at_destination, packet);
    const int server = from_server ? at_source : at_destination,
              client = from_server ? at_destination : at_source;
    direction = from_server ? 1 : 0;
    id = open(from_server ? ends.reversed() : ends, hash, server == kUnwatched ? client : server);
    table_[id].number = ++number_;
  }

  Conversation& conversation = table_[id];
  const uint64_t number = conversation.number;
  table_.touch(id, list_of(conversation), now_);
  if (reset) {
    if (!streams_.believes_reset(conversation, direction, packet)) return number;
    conversation.reset = true;
    close(id, CloseReason::Reset);
    return number;
  }
  streams_.segment(id, direction, packet, now_);
  if (conversation.sides[0].finished && conversation.sides[1].finished && !conversation.over)
    close(id, CloseReason::Fin);
  if (!streams_.finished().empty()) [[unlikely]]
    close_finished();
  return number;
}

bool Conversations::begins_anew(const Conversation& conversation, unsigned direction,
                                const Packet& packet) const {
  if (!(packet.tcp_flags & tcp_flag::kSyn)) return false;
  const TcpSide &own = conversation.sides[direction], &other = conversation.sides[1 - direction];
  const uint32_t first = packet.sequence + 1;
  // After a refusal some hosts try again with the same number. A SYN that is no younger than the end is a
  // late copy: some captures have packets twice.
  if (conversation.over && !(packet.tcp_flags & tcp_flag::kAck))
    return !own.known || own.first != first || packet.time > conversation.last;
  if (own.known) return own.first != first;
  // The other side was heard already. Its SYN waits for this one, if it is the one acknowledged.
  if (packet.tcp_flags & tcp_flag::kAck)
    return packet.acknowledgement - other.first > other.next - other.first;
  return !other.syn;
}

void Conversations::add_datagram(const Packet& packet) {
  const int at_source = ports_.udp(packet.source_port), at_destination = ports_.udp(packet.destination_port);
  if (at_source == kUnwatched && at_destination == kUnwatched) return;

  const Endpoints ends = endpoints(packet, packet.source_port, packet.destination_port);
  const bool answer = ports_.from_server(at_source, at_destination, packet);
  tell(packet, ends, answer, answer ? at_source : at_destination);
}

void Conversations::add_icmp(const Packet& packet) {
  if (ports_.icmp() == kUnwatched || packet.payload.empty()) return;
  const IcmpPair pair = icmp_pair(packet.protocol, packet.icmp_type, packet.icmp_code);
  tell(packet, endpoints(packet, pair.source, pair.destination), pair.reply, ports_.icmp());
}

void Conversations::tell(const Packet& packet, const Endpoints& ends, bool answer, int watch) {
  const uint32_t hash = table_.hash(ends);
  auto [id, direction] = table_.find(ends, hash);
  if (id != kNobody && too_old(table_[id])) {
    close(id, CloseReason::Idle);
    id = kNobody;
  }
  if (id == kNobody) {
    direction = answer ? 1 : 0;
    id = open(answer ? ends.reversed() : ends, hash, watch);
  }
  Conversation& conversation = table_[id];
  table_.touch(id, list_of(conversation), now_);
  rows_.datagram(conversation, id, direction, packet.time, packet.payload, packet.payload_wire_length);
}

uint32_t Conversations::open(const Endpoints& ends, uint32_t hash, int watch) {
  if (table_.size() >= maximum_) make_room();
  const auto index = static_cast<uint8_t>(watch);
  const uint32_t id = table_.insert(ends, hash, list_of_watch_[index], now_);
  table_[id].watch = index;
  table_[id].order = order_++;
  if (processes_) rows_.ticket(id, processes_->ask(ends));
  ++counters_.opened;
  return id;
}

bool Conversations::too_old(const Conversation& conversation) const {
  return now_ - conversation.last > idle_[list_of(conversation)];
}

size_t Conversations::list_of(const Conversation& conversation) const {
  return conversation.over ? kLingerList : list_of_watch_[conversation.watch];
}

}  // namespace packetbeat
