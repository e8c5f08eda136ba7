// Time of pcapng interfaces: any power of ten or of two, with an offset; a hostile one must neither overflow
// nor trap.
#include <algorithm>

#include "capture/pcapng_reader.h"

namespace packetbeat {

namespace {

struct Parts {
  uint64_t seconds, nanoseconds;
};

Parts decimal(uint64_t units, unsigned digits) {
  uint64_t second = 1;
  for (unsigned i = 0; i < digits; ++i) {
    if (second > UINT64_MAX / 10) return {0, 0};  // finer than any time that 64 bits could then hold
    second *= 10;
  }
  uint64_t fraction = units % second;
  for (; digits > 9; --digits) fraction /= 10;
  for (; digits < 9; ++digits) fraction *= 10;
  return {units / second, fraction};
}

Parts binary(uint64_t units, unsigned digits) {
  if (digits > 63) return {0, 0};
  uint64_t seconds = units >> digits;
  uint64_t fraction = units & ((uint64_t{1} << digits) - 1);
  if (digits > 32) {  // 32 digits are a quarter of a nanosecond, and keep the product within 64 bits
    fraction >>= digits - 32;
    digits = 32;
  }
  return {seconds, fraction * kSecond >> digits};
}

}  // namespace

Time PcapngClock::time(uint64_t units) const {
  constexpr int64_t last = kLatest / kSecond;
  if (resolution == 6 && offset == 0 && units <= static_cast<uint64_t>(kLatest) / 1000)
    return static_cast<Time>(units) * 1000;
  auto parts = resolution & 0x80 ? binary(units, resolution & 0x7fu) : decimal(units, resolution);
  auto seconds = static_cast<int64_t>(std::min<uint64_t>(parts.seconds, last));
  seconds = std::clamp(seconds + std::clamp(offset, -last, last), int64_t{0}, last);
  return std::min(seconds * kSecond + static_cast<Time>(parts.nanoseconds), kLatest);
}

}  // namespace packetbeat
