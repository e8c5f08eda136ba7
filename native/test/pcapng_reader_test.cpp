#include "capture/pcapng_reader.h"

#include "read_capture.h"

using namespace read_capture;

namespace {

void reads_pcapng_in_both_byte_orders() {
  for (bool big : {false, true}) {
    auto result = read(pcapng(big).out);
    CHECK(result.code.empty() && result.frames.size() == 4);
    CHECK((result.frames[0] == Seen{5 * kSecond + 1000, Link::Ethernet, 5, ping}));
    CHECK((result.frames[1] == Seen{102 * kSecond + 3, Link::Sll, 60, pong}));
    CHECK((result.frames[2] == Seen{102 * kSecond + 3, Link::Ethernet, 5, ping}));  // of the first interface
    CHECK((result.frames[3] == Seen{103 * kSecond, Link::Sll, 70, pong}));
  }
}

void begins_anew_with_each_section() {
  auto file = pcapng(false).bytes(Writer(true).section().interface(228).enhanced(0, 1, pong).out).out;
  auto result = read(file);
  CHECK(result.frames.size() == 5 && result.frames[4].link == Link::Ipv4 && result.frames[4].time == 1000);
  auto missing = read(pcapng(false).bytes(Writer().section().enhanced(0, 1, pong).out).out);
  CHECK(missing.frames.size() == 4 && says(missing, "ERR_CAPTURE_FILE_CORRUPT", "interface 0"));
}

void cuts_a_simple_packet_to_its_snap_length() {
  auto result = read(Writer().section().interface(1, 4).simple(Bytes{1, 2, 3, 4}, 1500).out);
  CHECK(result.frames.size() == 1 && result.frames[0].bytes.size() == 4 && result.frames[0].wire == 1500);
}

void counts_time_in_any_unit() {
  auto time = [](uint8_t resolution, int64_t offset, uint64_t units) {
    return PcapngClock{resolution, offset}.time(units);
  };
  CHECK(time(6, 0, 1'500'000) == kSecond * 3 / 2);
  CHECK(time(0, 0, 7) == 7 * kSecond);
  CHECK(time(9, -1, 1'000'000'005) == 5);
  CHECK(time(12, 0, 1'500'000'000'999) == kSecond * 3 / 2);
  CHECK(time(0x80 | 1, 0, 3) == kSecond * 3 / 2);
  CHECK(time(0x80 | 63, 0, uint64_t{1} << 62) == kSecond / 2);
  for (unsigned resolution = 0; resolution < 256; ++resolution)
    for (uint64_t units : {uint64_t{0}, uint64_t{1}, ~uint64_t{0} / 3, ~uint64_t{0}})
      for (int64_t offset : {INT64_MIN, int64_t{-1}, int64_t{0}, INT64_MAX}) {
        auto t = time(static_cast<uint8_t>(resolution), offset, units);
        CHECK(t >= 0 && t <= kLatest);
      }
}

void passes_over_interfaces_it_cannot_decode() {
  Writer mixed;
  mixed.section().interface(127).interface(1).enhanced(0, 1, ping).enhanced(1, 2, pong).enhanced(0, 3, ping);
  auto result = read(mixed.out);
  CHECK(result.code.empty() && result.frames.size() == 1 && result.unsupported == 2);
  auto alone = read(Writer().section().interface(127).enhanced(0, 1, ping).out);
  CHECK(says(alone, "ERR_CAPTURE_LINK_TYPE", "127") && alone.frames.empty());
}

}  // namespace

int main() {
  reads_pcapng_in_both_byte_orders();
  begins_anew_with_each_section();
  cuts_a_simple_packet_to_its_snap_length();
  counts_time_in_any_unit();
  passes_over_interfaces_it_cannot_decode();
}
