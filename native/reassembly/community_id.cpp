#include "reassembly/community_id.h"

#include <algorithm>
#include <utility>

#include "decode/text.h"
#include "reassembly/sha1.h"

namespace packetbeat {
namespace {

struct Pair {
  uint8_t one, other;
};

// Types that ask and answer each other (the specification's tables): the second port is the type of the other
// side.
constexpr Pair kIcmpPairs[] = {{8, 0}, {13, 14}, {15, 16}, {17, 18}, {10, 9}};
constexpr Pair kIcmp6Pairs[] = {{128, 129}, {133, 134}, {135, 136}, {130, 131}, {144, 145}, {139, 140}};

/// The type that answers `type`, or -1 for a message that goes one way.
int counterpart(std::span<const Pair> pairs, uint16_t type) {
  for (Pair pair : pairs) {
    if (type == pair.one) return pair.other;
    if (type == pair.other) return pair.one;
  }
  return -1;
}

}  // namespace

std::string_view community_id(const Address& source, const Address& destination, uint8_t protocol,
                              uint16_t source_port, uint16_t destination_port,
                              std::span<char, kCommunityIdText> out) {
  if (source.version == 0 || source.version != destination.version) return {};
  bool ports = protocol == kTcp || protocol == kUdp || protocol == kSctp;
  bool one_way = false;
  if (protocol == kIcmp || protocol == kIcmp6) {
    int other =
        protocol == kIcmp ? counterpart(kIcmpPairs, source_port) : counterpart(kIcmp6Pairs, source_port);
    ports = true;
    one_way = other < 0;
    if (!one_way) destination_port = static_cast<uint16_t>(other);
  }
  const Address *low = &source, *high = &destination;
  int order = std::memcmp(low->bytes.data(), high->bytes.data(), low->bytes.size());
  if (!one_way && (order > 0 || (order == 0 && ports && source_port > destination_port))) {
    std::swap(low, high);
    std::swap(source_port, destination_port);
  }

  std::array<uint8_t, 2 + 16 + 16 + 2 + 4> message;
  uint8_t* at = message.data();
  *at++ = 0;  // the seed
  *at++ = 0;
  size_t bytes = source.version == 4 ? 4 : 16;
  at = std::copy_n(low->bytes.data(), bytes, at);
  at = std::copy_n(high->bytes.data(), bytes, at);
  *at++ = protocol;
  *at++ = 0;
  if (ports) {
    for (uint16_t port : {source_port, destination_port}) {
      *at++ = static_cast<uint8_t>(port >> 8);
      *at++ = static_cast<uint8_t>(port);
    }
  }
  out[0] = '1';
  out[1] = ':';
  write_base64(sha1_short({message.data(), static_cast<size_t>(at - message.data())}), out.data() + 2, true);
  return {out.data(), out.size()};
}

}  // namespace packetbeat
