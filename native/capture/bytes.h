// Integers out of bytes that a stranger wrote: any alignment, either byte order. The caller checks the
// length.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace packetbeat {

constexpr uint16_t swap16(uint16_t v) {
  return static_cast<uint16_t>(v << 8 | v >> 8);
}
constexpr uint32_t swap32(uint32_t v) {
  return v << 24 | (v & 0xff00u) << 8 | (v >> 8 & 0xff00u) | v >> 24;
}

/// Reads in this machine's byte order, or in the other one.
class ByteOrder {
 public:
  explicit ByteOrder(bool swapped = false) : swapped_(swapped) {}

  uint16_t u16(const uint8_t* at) const {
    uint16_t v;
    std::memcpy(&v, at, sizeof v);
    return swapped_ ? swap16(v) : v;
  }
  uint32_t u32(const uint8_t* at) const {
    uint32_t v;
    std::memcpy(&v, at, sizeof v);
    return swapped_ ? swap32(v) : v;
  }
  uint64_t u64(const uint8_t* at) const {
    uint64_t first = u32(at), second = u32(at + 4);
    bool little = (std::endian::native == std::endian::little) != swapped_;
    return little ? second << 32 | first : first << 32 | second;
  }

 private:
  bool swapped_;
};

/// Network byte order.
inline const ByteOrder big_endian{std::endian::native == std::endian::little};

}  // namespace packetbeat
