#include "reassembly/copies.h"

#include <algorithm>
#include <cstring>

#include "capture/bytes.h"
#include "capture/link.h"
#include "decode/layers.h"
#include "system/random_seed.h"

namespace packetbeat {
namespace {

/// Bytes behind the IP header that tell packets apart: the transport header and the beginning of the payload.
/// Headers have the length, and those of IPv4, TCP and most protocols over UDP a number of the packet.
constexpr size_t kTelling = 160;
constexpr size_t kIpv4Header = 20, kIpv6Header = 40;

/// The bytes that count, in words of eight.
class PacketHash {
 public:
  explicit PacketHash(uint64_t seed) : state_(seed) {}
  void add(uint64_t word) {
    state_ = (state_ ^ word) * 0x9e3779b97f4a7c15;
    state_ ^= state_ >> 32;
  }
  void add(std::span<const uint8_t> bytes) {
    for (; bytes.size() >= 8; bytes = bytes.subspan(8)) {
      uint64_t word;
      std::memcpy(&word, bytes.data(), 8);
      add(word);
    }
    uint64_t word = bytes.size();
    for (const uint8_t byte : bytes) word = word << 8 | byte;
    add(word);
  }
  /// Never 0, which stands for an empty entry.
  uint64_t value() const { return (state_ ^ state_ >> 29) | 1; }

 private:
  uint64_t state_;
};

/// Where a transport protocol has its checksum, which the kernel or the card may fill in between two taps; 0:
/// nowhere.
size_t checksum_at(uint8_t protocol) {
  return protocol == kTcp ? 16 : protocol == kUdp ? 6 : 0;
}

bool other(uint32_t first, uint32_t tap) {
  return first != 0 && first != tap;
}

}  // namespace

Copies::Copies() : seed_(random_seed()), sets_(kSets) {}

Copies::Sight Copies::outermost(std::span<const uint8_t> packet, uint32_t tap, Time time) {
  Entry& seen = entry(packet, time);
  const Sight sight{other(seen.frame_tap, tap), other(seen.talk_tap, tap)};
  if (sight.frame) {
    ++counters.frames;
    return sight;
  }
  seen.frame_tap = tap;
  if (sight.talk) {
    ++counters.talks;
  } else {
    seen.talk_tap = tap;
    seen.time = time;
  }
  return sight;
}

bool Copies::inmost(std::span<const uint8_t> packet, uint32_t tap, Time time) {
  Entry& seen = entry(packet, time);
  if (other(seen.talk_tap, tap)) {
    ++counters.talks;
    return true;
  }
  seen.talk_tap = tap;
  seen.time = time;
  return false;
}

Copies::Entry& Copies::entry(std::span<const uint8_t> packet, Time time) {
  const uint64_t key = hash(packet);
  Set& set = sets_[key >> 32 & (kSets - 1)];
  Entry* oldest = &set[0];
  for (Entry& each : set) {
    if (each.hash == key) {
      // Packets of several queues are not in order.
      if (time - each.time <= kWindow && each.time - time <= kWindow) return each;
      oldest = &each;
      break;
    }
    if (each.time < oldest->time) oldest = &each;
  }
  return *oldest = {.hash = key, .time = time};
}

uint64_t Copies::hash(std::span<const uint8_t> packet) const {
  PacketHash hash(seed_);
  uint8_t protocol;
  size_t header, length;  // what is behind it was padding of the frame
  if (packet[0] >> 4 == 4) {
    header = std::max<size_t>((packet[0] & 0xf) * size_t{4}, kIpv4Header);
    length = big_endian.u16(packet.data() + 2);
    protocol = packet[9];
    hash.add(packet.subspan(2, 6));   // length, identification, fragment
    hash.add(packet.subspan(12, 8));  // addresses
  } else {
    header = kIpv6Header;
    length = header + big_endian.u16(packet.data() + 4);
    protocol = packet[6];
    hash.add(packet.subspan(4, 3));   // length, next header
    hash.add(packet.subspan(8, 32));  // addresses
  }
  hash.add(protocol);
  const size_t end = std::min({packet.size(), length, header + kTelling});
  auto rest = packet.subspan(std::min(header, end), end - std::min(header, end));
  if (const size_t at = checksum_at(protocol); at != 0 && rest.size() >= at + 2) {
    hash.add(rest.first(at));
    rest = rest.subspan(at + 2);
  }
  hash.add(rest);
  return hash.value();
}

uint32_t tap_of(const Frame& frame) {
  const auto cooked = cooked_header(frame);
  return cooked ? make_tap(cooked->device, cooked->leaves) : frame.tap;
}

std::span<const uint8_t> outermost_ip(const Frame& frame) {
  const auto headers = link_headers(frame.link);
  if (!headers || frame.bytes.size() < headers->network) return {};
  size_t network = headers->network;
  if (headers->type) {
    uint16_t type = big_endian.u16(frame.bytes.data() + *headers->type);
    for (; layers::is_vlan(type) && frame.bytes.size() >= network + 4; network += 4)
      type = big_endian.u16(frame.bytes.data() + network + 2);
    if (type != layers::ethertype::kIpv4 && type != layers::ethertype::kIpv6) return {};
  }
  const auto packet = frame.bytes.subspan(network);
  return has_ip_header(packet) ? packet : std::span<const uint8_t>{};
}

bool has_ip_header(std::span<const uint8_t> packet) {
  if (packet.empty()) return false;
  const int version = packet[0] >> 4;
  return (version == 4 && packet.size() >= kIpv4Header) || (version == 6 && packet.size() >= kIpv6Header);
}

}  // namespace packetbeat
