// Two hosts that talk, packet by packet, and what a capture makes of it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "decode/packet.h"
#include "reassembly/conversations.h"
#include "rows.h"

namespace packetbeat {

constexpr Time kMillisecond = kSecond / 1000;
constexpr Time kStart = 1'700'000'000 * kSecond;

inline Address host(uint8_t last) {
  return {{10, 0, 0, last}, 4};
}

/// A packet from 10.0.0.1 (the client) to 10.0.0.2, or back.
struct Built {
  Packet packet;
  std::string bytes;

  const Packet& get() {
    packet.payload = {reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()};
    if (packet.payload_wire_length < bytes.size())
      packet.payload_wire_length = static_cast<uint32_t>(bytes.size());
    return packet;
  }
};

inline Built ip(bool to_server, uint8_t protocol, std::string bytes = "") {
  Built built{{}, std::move(bytes)};
  built.packet.ip_layers = 1;
  built.packet.source[0] = host(to_server ? 1 : 2);
  built.packet.destination[0] = host(to_server ? 2 : 1);
  built.packet.protocol = protocol;
  return built;
}

inline Built udp(bool to_server, std::string bytes, uint16_t client = 40000, uint16_t server = 53) {
  Built built = ip(to_server, kUdp, std::move(bytes));
  built.packet.has_ports = true;
  built.packet.source_port = to_server ? client : server;
  built.packet.destination_port = to_server ? server : client;
  return built;
}

inline Built icmp(bool to_server, uint8_t type, uint8_t code = 0, uint8_t protocol = kIcmp) {
  Built built = ip(to_server, protocol, std::string{static_cast<char>(type), static_cast<char>(code), 0, 0});
  built.packet.icmp_type = type;
  built.packet.icmp_code = code;
  return built;
}

/// `flags`: letters of S F R P, and A when `ack` is not nothing.
inline Built tcp(bool to_server, std::string_view flags, uint32_t sequence, std::optional<uint32_t> ack,
                 std::string bytes = "", uint16_t client = 40000, uint16_t server = 80) {
  Built built = ip(to_server, kTcp, std::move(bytes));
  Packet& packet = built.packet;
  packet.has_ports = true;
  packet.source_port = to_server ? client : server;
  packet.destination_port = to_server ? server : client;
  packet.sequence = sequence;
  packet.acknowledgement = ack.value_or(0);
  if (ack) packet.tcp_flags |= tcp_flag::kAck;
  for (const char flag : flags)
    packet.tcp_flags |= flag == 'S'   ? tcp_flag::kSyn
                        : flag == 'F' ? tcp_flag::kFin
                        : flag == 'R' ? tcp_flag::kRst
                                      : tcp_flag::kPsh;
  return built;
}

inline std::vector<Watch> watches() {
  return {{.tcp = true, .ports = {80, 8080}, .idle = 30 * kSecond},
          {.tcp = true, .udp = true, .ports = {53}, .idle = 10 * kSecond},
          {.icmp = true, .idle = 10 * kSecond},
          {.tcp = true, .ports = {3306}, .idle = 30 * kSecond}};
}

/// Conversations with a clock; what is told becomes text such as "open; > GET; < 200; gap< 5; close fin".
class Capture {
 public:
  explicit Capture(const Conversations::Limits& limits = {}, const std::vector<Watch>& watched = watches())
      : rows_(reader_.pool), conversations(watched, limits, rows_) {}

  std::optional<uint64_t> operator()(Built built, Time later = kMillisecond) {
    wait(later);
    built.packet.time = now;
    return conversations.add(built.get());
  }
  void wait(Time later) {
    now += later;
    conversations.advance(now);
  }
  std::vector<Told> rows() { return reader_.take(); }
  std::string told() {
    std::string text;
    for (const Told& row : rows()) text += (text.empty() ? "" : "; ") + describe(row);
    return text;
  }

  Time now = kStart;

 private:
  static std::string describe(const Told& row) {
    const std::string side = row.direction ? "<" : ">";
    switch (row.kind) {
      case RowKind::Data:
        return side + " " + row.bytes;
      case RowKind::Gap:
        return "gap" + side + " " + std::to_string(row.a);
      case RowKind::Close:
        return "close " + std::string(kCloseReasonNames[static_cast<size_t>(row.reason)]);
      default:
        return std::string(kRowKindNames[static_cast<size_t>(row.kind)]);
    }
  }

  Reader reader_;
  RowWriter rows_;

 public:
  Conversations conversations;
};

#define CHECK_TOLD(capture, wanted)                                                                    \
  do {                                                                                                 \
    if (const std::string told = (capture).told(); told != (wanted)) {                                 \
      std::fprintf(stderr, "%s:%d: told \"%s\",\n  wanted \"%s\"\n", __FILE__, __LINE__, told.c_str(), \
                   std::string(wanted).c_str());                                                       \
      std::exit(1);                                                                                    \
    }                                                                                                  \
  } while (false)

}  // namespace packetbeat
