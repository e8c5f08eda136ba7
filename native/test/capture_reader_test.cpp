#include "capture/capture_reader.h"

#include <algorithm>
#include <random>
#include <string>

#include "capture/pcapng_reader.h"
#include "capture_bytes.h"
#include "check.h"

using namespace packetbeat;
using capture_bytes::Bytes, capture_bytes::Writer;

namespace {

/// Gives its bytes in steps of a size, with a pause before each where `slow`.
class Memory final : public ByteInput {
 public:
  Memory(Bytes bytes, size_t step = SIZE_MAX, bool slow = false) : bytes_(std::move(bytes)), step_(step), slow_(slow) {}
  std::optional<size_t> read(std::span<uint8_t> into) override {
    if (slow_ && (pause_ = !pause_)) return std::nullopt;
    auto count = std::min({into.size(), step_, bytes_.size() - at_});
    std::copy_n(bytes_.begin() + static_cast<long>(at_), count, into.begin());
    at_ += count;
    return count;
  }

 private:
  Bytes bytes_;
  size_t step_, at_ = 0;
  bool slow_, pause_ = false;
};

struct Seen {
  Time time;
  Link link;
  uint32_t wire;
  Bytes bytes;
  bool operator==(const Seen&) const = default;
};

struct Result {
  std::vector<Seen> frames;
  std::string code, message;
  uint64_t unsupported = 0;
};

Result read(const Bytes& file, size_t step = SIZE_MAX, bool slow = false) {
  Memory memory(file, step, slow);
  CaptureReader reader(memory, "\"x\"");
  Result result;
  try {
    Frame frame;
    for (auto next = reader.next(frame); next != Source::Next::End; next = reader.next(frame)) {
      CHECK(slow || next == Source::Next::Frame);
      if (next == Source::Next::Frame)
        result.frames.push_back(
            {frame.time, frame.link, frame.wire_length, Bytes(frame.bytes.begin(), frame.bytes.end())});
    }
  } catch (const CaptureError& error) {
    result.code = error.code();
    result.message = error.what();
  }
  result.unsupported = reader.unsupported();
  return result;
}

bool says(const Result& result, const char* code, const char* words) {
  return result.code == code && result.message.find(words) != std::string::npos;
}

const Bytes ping{1, 2, 3, 4, 5}, pong{6, 7, 8};
constexpr uint32_t kMicro = 0xa1b2c3d4, kNano = 0xa1b23c4d, kModified = 0xa1b2cd34;

void reads_pcap_in_both_byte_orders_and_units() {
  for (bool big : {false, true}) {
    auto micro = read(Writer(big).pcap_header(kMicro, 1).pcap_record(10, 7, ping, 99).pcap_record(11, 0, {}).out);
    CHECK(micro.code.empty() && micro.frames.size() == 2);
    CHECK((micro.frames[0] == Seen{10 * kSecond + 7000, Link::Ethernet, 99, ping}));
    auto nano = read(Writer(big).pcap_header(kNano, 276).pcap_record(4294967295, 7, ping).out);
    CHECK((nano.frames[0] == Seen{4294967295 * kSecond + 7, Link::Sll2, 5, ping}));
    auto modified = read(Writer(big)
                             .pcap_header(kModified, 101)
                             .u32(1).u32(2).u32(3).u32(3).u32(9).u16(8).u8(0).u8(0)
                             .bytes(pong)
                             .out);
    CHECK((modified.frames[0] == Seen{kSecond + 2000, Link::Raw, 3, pong}));
  }
}

void tolerates_more_captured_than_on_the_wire_and_a_checksum_length() {
  auto result = read(Writer().pcap_header(kMicro, 0x24000001).pcap_record(0, 0, ping, 2).out);
  CHECK(result.frames.size() == 1 && result.frames[0].wire == 5 && result.frames[0].link == Link::Ethernet);
}

Writer pcapng(bool big) {
  Bytes nanoseconds = Writer(big).u16(9).u16(1).u8(9).pad().u16(14).u16(8).u64(100).u16(0).u16(0).out;
  Bytes obsolete = Writer(big).u16(1).u16(0).u32(0).u32(3'000'000'000).u32(3).u32(70).bytes(pong).out;
  Writer out(big);
  out.section().interface(1).interface(113, 4, nanoseconds).block(5, Bytes(300)).enhanced(0, 5'000'001, ping);
  out.enhanced(1, 2'000'000'003, pong, 60).simple(ping, 5).block(0xbad, Bytes(9)).block(2, obsolete);
  return out;
}

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

void delivers_what_is_whole_before_it_complains() {
  auto pcap = Writer().pcap_header(kMicro, 1).pcap_record(1, 1, ping).pcap_record(2, 2, pong).out;
  auto cut = pcap;
  cut.resize(cut.size() - 1);
  auto result = read(cut);
  CHECK(result.frames.size() == 1 && says(result, "ERR_CAPTURE_FILE_TRUNCATED", "byte 45"));
  auto absurd = Writer().pcap_header(kMicro, 1).pcap_record(1, 1, ping).u32(1).u32(2).u32(1 << 30).u32(9).out;
  result = read(absurd);
  CHECK(result.frames.size() == 1 && says(result, "ERR_CAPTURE_FILE_CORRUPT", "byte 45"));
  auto lying = Writer().section().interface(1).enhanced(0, 1, ping).out;
  lying[lying.size() - 12 - 8] = 9;  // captured length, past its block
  CHECK(read(lying).frames.empty() && read(lying).code == "ERR_CAPTURE_FILE_CORRUPT");
  auto short_block = Writer().section().u32(7).u32(8).u32(8).out;
  CHECK(says(read(short_block), "ERR_CAPTURE_FILE_CORRUPT", "byte 28"));
  auto endless = Writer().section().u32(7).u32(0xffffff00).out;
  CHECK(says(read(endless), "ERR_CAPTURE_FILE_TRUNCATED", "byte 28"));
}

void says_what_a_file_is_instead() {
  auto text = [](std::string_view s) { return Bytes(s.begin(), s.end()); };
  CHECK(read({}).code == "ERR_CAPTURE_FILE_EMPTY");
  CHECK(says(read(text("GET / HTTP/1.1\r\n")), "ERR_CAPTURE_FILE_FORMAT", "text"));
  CHECK(says(read(text("hi")), "ERR_CAPTURE_FILE_FORMAT", "text"));
  CHECK(says(read({0x1f, 0x8b, 8, 0, 0, 0, 0}), "ERR_CAPTURE_FILE_FORMAT", "gzip"));
  CHECK(says(read(Bytes(100, 0xee)), "ERR_CAPTURE_FILE_FORMAT", "no known format"));
  CHECK(read(Writer().u32(kMicro).u16(2).out).code == "ERR_CAPTURE_FILE_TRUNCATED");
  CHECK(says(read(Writer().pcap_header(kMicro, 127).out), "ERR_CAPTURE_LINK_TYPE", "127 (IEEE 802.11, radiotap)"));
  CHECK(read(Writer().pcap_header(kMicro, 1).out).code.empty());  // no packets: no fault
}

void passes_over_interfaces_it_cannot_decode() {
  Writer mixed;
  mixed.section().interface(127).interface(1).enhanced(0, 1, ping).enhanced(1, 2, pong).enhanced(0, 3, ping);
  auto result = read(mixed.out);
  CHECK(result.code.empty() && result.frames.size() == 1 && result.unsupported == 2);
  auto alone = read(Writer().section().interface(127).enhanced(0, 1, ping).out);
  CHECK(says(alone, "ERR_CAPTURE_LINK_TYPE", "127") && alone.frames.empty());
}

void reads_the_same_however_bytes_arrive() {
  for (const auto& file : {pcapng(false).out, Writer(true).pcap_header(kNano, 1).pcap_record(1, 2, ping).out}) {
    auto whole = read(file).frames;
    for (size_t step : {1, 2, 3, 7, 64})
      for (bool slow : {false, true}) CHECK(read(file, step, slow).frames == whole);
  }
  // A frame longer than the window, and one across its end.
  Writer large;
  large.pcap_header(kMicro, 1).pcap_record(1, 1, Bytes(200'000, 1)).pcap_record(2, 2, Bytes(1 << 20, 2)).pcap_record(3, 3, ping);
  auto result = read(large.out, 4096);
  CHECK(result.frames.size() == 3 && result.frames[1].bytes == Bytes(1 << 20, 2) && result.frames[2].bytes == ping);
}

void survives_damage_anywhere() {
  std::mt19937 random(1);
  for (bool big : {false, true})
    for (const auto& good : {pcapng(big).out, Writer(big).pcap_header(kMicro, 1).pcap_record(1, 2, ping).out})
      for (int round = 0; round < 20000; ++round) {
        auto bad = good;
        for (int i = 0; i < 3; ++i) bad[random() % bad.size()] = static_cast<uint8_t>(random() % 3 ? random() : 0xff);
        if (round % 2) bad.resize(random() % bad.size());
        auto result = read(bad);
        for (const auto& frame : result.frames) CHECK(frame.time >= 0 && frame.bytes.size() <= bad.size());
      }
}

}  // namespace

int main() {
  reads_pcap_in_both_byte_orders_and_units();
  tolerates_more_captured_than_on_the_wire_and_a_checksum_length();
  reads_pcapng_in_both_byte_orders();
  begins_anew_with_each_section();
  cuts_a_simple_packet_to_its_snap_length();
  counts_time_in_any_unit();
  delivers_what_is_whole_before_it_complains();
  says_what_a_file_is_instead();
  passes_over_interfaces_it_cannot_decode();
  reads_the_same_however_bytes_arrive();
  survives_damage_anywhere();
}
