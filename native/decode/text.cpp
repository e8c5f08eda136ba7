#include "decode/text.h"

#include <charconv>
#include <cstring>

namespace packetbeat {
namespace {

char* write_ipv4(const uint8_t* bytes, char* out) {
  for (int i = 0; i < 4; ++i) {
    if (i) *out++ = '.';
    unsigned value = bytes[i];
    if (value >= 100) *out++ = static_cast<char>('0' + value / 100);
    if (value >= 10) *out++ = static_cast<char>('0' + value / 10 % 10);
    *out++ = static_cast<char>('0' + value % 10);
  }
  return out;
}

struct Run {
  int begin = 0, length = 0;
};

/// The longest run of zero groups, the first of equal ones; one group alone is no run (RFC 5952 §4.2).
Run longest_zeros(const std::array<unsigned, 8>& groups) {
  Run best;
  for (int i = 0; i < 8;) {
    int end = i;
    while (end < 8 && groups[static_cast<size_t>(end)] == 0) ++end;
    if (end - i > best.length) best = {i, end - i};
    i = end + 1;
  }
  return best.length > 1 ? best : Run{};
}

char* write_ipv6(const uint8_t* bytes, char* out) {
  std::array<unsigned, 8> groups;
  for (size_t i = 0; i < 8; ++i) groups[i] = static_cast<unsigned>(bytes[2 * i] << 8 | bytes[2 * i + 1]);
  Run zeros = longest_zeros(groups);
  // RFC 5952 §5: an IPv4 address mapped into IPv6 is written as one.
  bool mapped = zeros.begin == 0 && zeros.length == 5 && groups[5] == 0xffff;
  int end = mapped ? 6 : 8;
  bool colon = false;
  for (int i = 0; i < end; ++i) {
    if (zeros.length && i == zeros.begin) {
      *out++ = ':';
      *out++ = ':';
      i += zeros.length - 1;
      colon = false;
      continue;
    }
    if (colon) *out++ = ':';
    out = std::to_chars(out, out + 4, groups[static_cast<size_t>(i)], 16).ptr;
    colon = true;
  }
  if (!mapped) return out;
  *out++ = ':';
  return write_ipv4(bytes + 12, out);
}

}  // namespace

Address unmapped(const Address& address) {
  constexpr uint8_t kPrefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (address.version != 6 || std::memcmp(address.bytes.data(), kPrefix, sizeof kPrefix) != 0) return address;
  Address ipv4{{}, 4};
  std::memcpy(ipv4.bytes.data(), address.bytes.data() + sizeof kPrefix, 4);
  return ipv4;
}

char* write_address(const Address& address, char* out) {
  switch (address.version) {
    case 4:
      return write_ipv4(address.bytes.data(), out);
    case 6: {
      const Address known = unmapped(address);
      return known.version == 4 ? write_ipv4(known.bytes.data(), out) : write_ipv6(known.bytes.data(), out);
    }
    default:
      return out;
  }
}

char* write_mac(const Mac& mac, char* out) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  for (size_t i = 0; i < mac.size(); ++i) {
    if (i) *out++ = '-';
    *out++ = kDigits[mac[i] >> 4];
    *out++ = kDigits[mac[i] & 15];
  }
  return out;
}

char* write_decimal(uint64_t value, char* out) {
  return std::to_chars(out, out + 20, value).ptr;
}

char* write_base64(std::span<const uint8_t> bytes, char* out, bool padded) {
  constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (size_t i = 0; i < bytes.size(); i += 3) {
    size_t left = bytes.size() - i;
    unsigned three = static_cast<unsigned>(bytes[i]) << 16;
    if (left > 1) three |= static_cast<unsigned>(bytes[i + 1]) << 8;
    if (left > 2) three |= bytes[i + 2];
    for (unsigned k = 0; k < 4; ++k) {
      if (k <= left) {
        *out++ = kDigits[three >> (18 - 6 * k) & 63];
      } else if (padded) {
        *out++ = '=';
      }
    }
  }
  return out;
}

std::string to_text(const Address& address) {
  char buffer[kAddressText];
  return {buffer, write_address(address, buffer)};
}

}  // namespace packetbeat
