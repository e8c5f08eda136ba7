#include "reassembly/sha1.h"

#include <bit>

namespace packetbeat {

std::array<uint8_t, 20> sha1_short(std::span<const uint8_t> message) {
  std::array<uint32_t, 16> w{};
  auto put = [&w](size_t at, uint32_t byte) { w[at / 4] |= byte << (24 - 8 * (at % 4)); };
  size_t length = message.size() < 55 ? message.size() : 55;
  for (size_t i = 0; i < length; ++i) put(i, message[i]);
  put(length, 0x80);
  w[15] = static_cast<uint32_t>(length * 8);

  const std::array<uint32_t, 5> initial = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
  auto [a, b, c, d, e] = initial;
  for (size_t t = 0; t < 80; ++t) {
    if (t >= 16) {
      w[t % 16] = std::rotl(w[(t + 13) % 16] ^ w[(t + 8) % 16] ^ w[(t + 2) % 16] ^ w[t % 16], 1);
    }
    uint32_t f, k;
    if (t < 20) {
      f = (b & c) | (~b & d), k = 0x5a827999;
    } else if (t < 40) {
      f = b ^ c ^ d, k = 0x6ed9eba1;
    } else if (t < 60) {
      f = (b & c) | (b & d) | (c & d), k = 0x8f1bbcdc;
    } else {
      f = b ^ c ^ d, k = 0xca62c1d6;
    }
    uint32_t next = std::rotl(a, 5) + f + e + k + w[t % 16];
    e = d, d = c, c = std::rotl(b, 30), b = a, a = next;
  }
  const std::array<uint32_t, 5> sum = {initial[0] + a, initial[1] + b, initial[2] + c, initial[3] + d,
                                       initial[4] + e};
  std::array<uint8_t, 20> digest;
  for (size_t i = 0; i < digest.size(); ++i)
    digest[i] = static_cast<uint8_t>(sum[i / 4] >> (24 - 8 * (i % 4)));
  return digest;
}

}  // namespace packetbeat
