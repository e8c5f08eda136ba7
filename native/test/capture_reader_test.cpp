#include "capture/capture_reader.h"

#include <random>
#include <string_view>

#include "read_capture.h"

using namespace read_capture;

namespace {

void reads_pcap_in_both_byte_orders_and_units() {
  for (bool big : {false, true}) {
    auto micro =
        read(Writer(big).pcap_header(kMicro, 1).pcap_record(10, 7, ping, 99).pcap_record(11, 0, {}).out);
    CHECK(micro.code.empty() && micro.frames.size() == 2);
    CHECK((micro.frames[0] == Seen{10 * kSecond + 7000, Link::Ethernet, 99, ping}));
    auto nano = read(Writer(big).pcap_header(kNano, 276).pcap_record(4294967295, 7, ping).out);
    CHECK((nano.frames[0] == Seen{4294967295 * kSecond + 7, Link::Sll2, 5, ping}));
    auto modified = read(Writer(big)
                             .pcap_header(kModified, 101)
                             .u32(1)
                             .u32(2)
                             .u32(3)
                             .u32(3)
                             .u32(9)
                             .u16(8)
                             .u8(0)
                             .u8(0)
                             .bytes(pong)
                             .out);
    CHECK((modified.frames[0] == Seen{kSecond + 2000, Link::Raw, 3, pong}));
  }
}

void tolerates_more_captured_than_on_the_wire_and_a_checksum_length() {
  auto result = read(Writer().pcap_header(kMicro, 0x24000001).pcap_record(0, 0, ping, 2).out);
  CHECK(result.frames.size() == 1 && result.frames[0].wire == 5 && result.frames[0].link == Link::Ethernet);
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
  CHECK(says(read(Writer().pcap_header(kMicro, 127).out), "ERR_CAPTURE_LINK_TYPE",
             "127 (IEEE 802.11, radiotap)"));
  CHECK(read(Writer().pcap_header(kMicro, 1).out).code.empty());  // no packets: no fault
}

void reads_the_same_however_bytes_arrive() {
  for (const auto& file :
       {pcapng(false).out, Writer(true).pcap_header(kNano, 1).pcap_record(1, 2, ping).out}) {
    auto whole = read(file).frames;
    for (size_t step : {1, 2, 3, 7, 64})
      for (bool slow : {false, true}) CHECK(read(file, step, slow).frames == whole);
  }
  // A frame longer than the window, and one across its end.
  Writer large;
  large.pcap_header(kMicro, 1)
      .pcap_record(1, 1, Bytes(200'000, 1))
      .pcap_record(2, 2, Bytes(1 << 20, 2))
      .pcap_record(3, 3, ping);
  auto result = read(large.out, 4096);
  CHECK(result.frames.size() == 3 && result.frames[1].bytes == Bytes(1 << 20, 2) &&
        result.frames[2].bytes == ping);
}

void survives_damage_anywhere() {
  std::mt19937 random(1);
  for (bool big : {false, true})
    for (const auto& good : {pcapng(big).out, Writer(big).pcap_header(kMicro, 1).pcap_record(1, 2, ping).out})
      for (int round = 0; round < 20000; ++round) {
        auto bad = good;
        for (int i = 0; i < 3; ++i)
          bad[random() % bad.size()] = static_cast<uint8_t>(random() % 3 ? random() : 0xff);
        if (round % 2) bad.resize(random() % bad.size());
        auto result = read(bad);
        for (const auto& frame : result.frames) CHECK(frame.time >= 0 && frame.bytes.size() <= bad.size());
      }
}

}  // namespace

int main() {
  reads_pcap_in_both_byte_orders_and_units();
  tolerates_more_captured_than_on_the_wire_and_a_checksum_length();
  delivers_what_is_whole_before_it_complains();
  says_what_a_file_is_instead();
  reads_the_same_however_bytes_arrive();
  survives_damage_anywhere();
}
