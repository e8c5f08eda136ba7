#include "capture/dump_file.h"

#include "capture/file_source.h"
#include "capture_bytes.h"
#include "check.h"

using namespace packetbeat;
using capture_bytes::Bytes, capture_bytes::TemporaryFile;

namespace {

const Bytes ethernet = [] {
  Bytes bytes(12, 0xaa);
  for (uint8_t byte : {0x08, 0x00, 0x45, 1, 2, 3}) bytes.push_back(byte);
  return bytes;
}();
const Bytes raw6{0x60, 1, 2, 3, 4};

struct Written {
  Time time;
  Link link;
  uint32_t wire;
  Bytes bytes;
  bool operator==(const Written&) const = default;
};

std::vector<Written> read(const std::string& path) {
  FileSource source({path});
  std::vector<Written> all;
  Frame frame;
  while (source.next(frame) == Source::Next::Frame)
    all.push_back({frame.time, frame.link, frame.wire_length, Bytes(frame.bytes.begin(), frame.bytes.end())});
  return all;
}

Frame frame_of(Time time, Link link, const Bytes& bytes, uint32_t wire) {
  Frame frame;
  frame.time = time;
  frame.link = link;
  frame.bytes = bytes;
  frame.wire_length = wire;
  return frame;
}

void writes_what_file_source_reads() {
  TemporaryFile file;
  std::filesystem::remove(file.path);
  {
    DumpFile dump(file.path);
    dump.flush();
    CHECK(!std::filesystem::exists(file.path));  // no frame yet, so no link type
    dump.write(frame_of(5 * kSecond + 123, Link::Sll, ethernet, 1000));
    dump.write(frame_of(6 * kSecond, Link::Sll, {}, 0));
    dump.flush();
    CHECK(read(file.path).size() == 2);
  }
  CHECK((read(file.path)[0] == Written{5 * kSecond + 123, Link::Sll, 1000, ethernet}));
}

void puts_a_tag_back() {
  TemporaryFile file;
  DumpFile dump(file.path);
  auto frame = frame_of(1, Link::Ethernet, ethernet, 22);
  frame.vlan = 0x2064;
  frame.vlan_protocol = 0x88a8;
  dump.write(frame);
  dump.flush();
  Bytes tagged = ethernet;
  uint8_t tag[] = {0x88, 0xa8, 0x20, 0x64};
  tagged.insert(tagged.begin() + 12, tag, tag + 4);
  CHECK((read(file.path)[0] == Written{1, Link::Ethernet, 22, tagged}));
}

void fits_raw_ip_and_ethernet_to_each_other() {
  TemporaryFile file;
  DumpFile dump(file.path);
  dump.write(frame_of(1, Link::Ethernet, ethernet, 18));
  dump.write(frame_of(2, Link::Raw, raw6, 105));
  dump.write(frame_of(3, Link::Null, raw6, 5));
  dump.flush();
  CHECK(dump.left_out() == 1);
  auto written = read(file.path);
  CHECK(written.size() == 2 && written[1].wire == 119 && written[1].bytes.size() == 19);
  CHECK(written[1].bytes[12] == 0x86 && written[1].bytes[13] == 0xdd && written[1].bytes[14] == 0x60);

  TemporaryFile other;
  DumpFile raw(other.path);
  raw.write(frame_of(1, Link::Raw, raw6, 5));
  raw.write(frame_of(2, Link::Ethernet, ethernet, 18));
  raw.flush();
  written = read(other.path);
  CHECK(written.size() == 2 && written[1].wire == 4 && (written[1].bytes == Bytes{0x45, 1, 2, 3}));
}

void says_why_it_cannot_write() {
  for (std::string path : {"/nowhere/at/all.pcap", "/dev/full"}) {
    try {
      DumpFile dump(path);
      dump.write(frame_of(1, Link::Ethernet, ethernet, 18));
      dump.flush();
      CHECK(false);
    } catch (const CaptureError& error) {
      CHECK(error.code() == "ERR_CAPTURE_DUMP" && std::string(error.what()).find(path) != std::string::npos);
    }
  }
}

}  // namespace

int main() {
  writes_what_file_source_reads();
  puts_a_tag_back();
  fits_raw_ip_and_ethernet_to_each_other();
  says_why_it_cannot_write();
}
