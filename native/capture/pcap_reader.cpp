#include "capture/pcap_reader.h"

#include <algorithm>

#include "capture/link.h"

namespace packetbeat {

namespace {
constexpr uint32_t kMicrosecondMagic = 0xa1b2c3d4;
constexpr uint32_t kNanosecondMagic = 0xa1b23c4d;
constexpr uint32_t kModifiedMagic =
    0xa1b2cd34;  // of old Linux systems: eight more bytes in each record header

bool known(uint32_t magic) {
  return magic == kMicrosecondMagic || magic == kNanosecondMagic || magic == kModifiedMagic;
}
}  // namespace

bool PcapReader::recognises(const uint8_t* magic) {
  return known(ByteOrder(false).u32(magic)) || known(ByteOrder(true).u32(magic));
}

PcapReader::PcapReader(InputBuffer& input, std::string name) : name_(std::move(name)) {
  const uint8_t* header = input.data();
  order_ = ByteOrder(!known(ByteOrder(false).u32(header)));
  auto magic = order_.u32(header);
  record_header_ = magic == kModifiedMagic ? 24 : 16;
  fraction_ = magic == kNanosecondMagic ? 1 : 1000;
  auto number = order_.u32(header + 20) & 0xffff;  // above it: the length of a frame check sequence
  auto link = link_of(number);
  if (!link) unsupported_link(name_, number);
  link_ = *link;
  input.take(kHeader);
}

Source::Next PcapReader::next(InputBuffer& input, Frame& frame) {
  if (auto state = input.want(record_header_); state != InputBuffer::State::Ready)
    return ran_out(state, input, name_);
  auto captured = order_.u32(input.data() + 8);
  if (captured > kLongestFrame)
    corrupt(name_, input.offset(), "a packet of " + std::to_string(captured) + " bytes is not believable");
  if (auto state = input.want(record_header_ + captured); state != InputBuffer::State::Ready)
    return ran_out(state, input, name_);
  const uint8_t* record = input.data();
  frame.time = order_.u32(record) * kSecond + Time{order_.u32(record + 4)} * fraction_;
  frame.link = link_;
  frame.wire_length = std::max(order_.u32(record + 12), captured);
  frame.bytes = {record + record_header_, captured};
  frame.vlan.reset();
  input.take(record_header_ + captured);
  return Source::Next::Frame;
}

}  // namespace packetbeat
