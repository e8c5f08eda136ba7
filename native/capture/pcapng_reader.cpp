#include "capture/pcapng_reader.h"

#include <algorithm>

#include "capture/link.h"

namespace packetbeat {

namespace {

enum Block : uint32_t {
  kInterface = 1,
  kObsoletePacket = 2,
  kSimplePacket = 3,
  kEnhancedPacket = 6,
  kSection = 0x0a0d0d0a,  // the same in either byte order
};

constexpr uint32_t kByteOrderMagic = 0x1a2b3c4d;

// Real files have a handful; each costs us memory, so a file of nothing else must not go on for ever.
constexpr size_t kInterfaces = 65536;

}  // namespace

bool PcapngReader::recognises(const uint8_t* magic) {
  return ByteOrder().u32(magic) == kSection;
}

PcapngReader::PcapngReader(std::string name) : name_(std::move(name)) {}

Source::Next PcapngReader::next(InputBuffer& input, Frame& frame) {
  for (;;) {
    if (left_ > 0) {
      auto state = input.skip(left_);
      if (state != InputBuffer::State::Ready) return ran_out(state, input, name_, length_ - left_);
    }
    if (auto result = block(input, frame)) return *result;
    left_ = length_;
  }
}

std::optional<Source::Next> PcapngReader::block(InputBuffer& input, Frame& frame) {
  if (auto state = input.want(8); state != InputBuffer::State::Ready) return finish(state, input);
  switch (auto type = order_.u32(input.data())) {
    case kSection:
      return section(input);
    case kInterface:
      return interface_block(input);
    case kEnhancedPacket:
    case kObsoletePacket:
    case kSimplePacket:
      return packet(input, type, frame);
    default:
      length_ = length(input, 12);
      return std::nullopt;
  }
}

std::optional<Source::Next> PcapngReader::section(InputBuffer& input) {
  if (auto state = input.want(12); state != InputBuffer::State::Ready) return ran_out(state, input, name_);
  order_ = ByteOrder(ByteOrder().u32(input.data() + 8) != kByteOrderMagic);
  if (order_.u32(input.data() + 8) != kByteOrderMagic)
    corrupt(name_, input.offset(), "a section header without its byte order");
  length_ = length(input, 28);
  interfaces_.clear();
  return std::nullopt;
}

std::optional<Source::Next> PcapngReader::interface_block(InputBuffer& input) {
  length_ = length(input, 20);
  if (length_ > kLongestFrame || interfaces_.size() == kInterfaces)
    corrupt(name_, input.offset(), "an interface description that is not believable");
  if (auto state = input.want(static_cast<size_t>(length_)); state != InputBuffer::State::Ready)
    return ran_out(state, input, name_);
  const uint8_t* at = input.data();
  const uint8_t* end = at + length_ - 4;
  uint32_t number = order_.u16(at + 8);
  Interface described{number, link_of(number), order_.u32(at + 12), {}};
  for (at += 16; end - at >= 4;) {
    auto code = order_.u16(at), size = order_.u16(at + 2);
    at += 4;
    if (code == 0 || end - at < size) break;
    if (code == 9 && size == 1) described.clock.resolution = *at;
    if (code == 14 && size == 8) described.clock.offset = static_cast<int64_t>(order_.u64(at));
    at += std::min<ptrdiff_t>((size + 3) & ~3, end - at);
  }
  interfaces_.push_back(described);
  return std::nullopt;
}

std::optional<Source::Next> PcapngReader::packet(InputBuffer& input, uint32_t type, Frame& frame) {
  bool simple = type == kSimplePacket;
  const uint32_t header =
      simple ? 12 : 28;  // bytes before the frame; behind it come options and the length again
  length_ = length(input, header + 4);
  if (auto state = input.want(header); state != InputBuffer::State::Ready)
    return ran_out(state, input, name_);
  const uint8_t* at = input.data();
  uint32_t number = simple ? 0 : type == kObsoletePacket ? order_.u16(at + 8) : order_.u32(at + 8);
  if (number >= interfaces_.size())
    corrupt(name_, input.offset(),
            "a packet of interface " + std::to_string(number) + ", which is not described");
  const auto& from = interfaces_[number];
  auto room = static_cast<uint32_t>(length_ - header - 4);
  uint32_t wire = order_.u32(at + (simple ? 8 : 24));
  uint32_t captured =
      simple ? std::min({wire, room, from.snaplen ? from.snaplen : wire}) : order_.u32(at + 20);
  if (captured > room || captured > kLongestFrame)
    corrupt(name_, input.offset(),
            "a packet of " + std::to_string(captured) + " bytes does not fit its block");
  if (!from.link) {
    ++unsupported_;
    unsupported_link_ = from.number;
    return std::nullopt;
  }
  if (auto state = input.want(header + captured); state != InputBuffer::State::Ready)
    return ran_out(state, input, name_);
  at = input.data();
  // A simple packet has no time. That of the one before it keeps the clock from jumping.
  if (!simple) time_ = from.clock.time(uint64_t{order_.u32(at + 12)} << 32 | order_.u32(at + 16));
  frame.time = time_;
  frame.link = *from.link;
  frame.wire_length = std::max(wire, captured);
  frame.bytes = {at + header, captured};
  frame.vlan.reset();
  frame.tap = interfaces_.size() > 1 ? make_tap(number, false) : 0;
  ++frames_;
  left_ = length_;
  return Source::Next::Frame;
}

Source::Next PcapngReader::finish(InputBuffer::State state, const InputBuffer& input) const {
  auto result = ran_out(state, input, name_);
  // Only when nothing else was there: one odd interface among others must not spoil a file.
  if (result == Source::Next::End && frames_ == 0 && unsupported_ > 0)
    unsupported_link(name_, unsupported_link_);
  return result;
}

uint32_t PcapngReader::length(const InputBuffer& input, uint32_t least) const {
  auto bytes = order_.u32(input.data() + 4);
  if (bytes < least || bytes > UINT32_MAX - 3)
    corrupt(name_, input.offset(), "a block of " + std::to_string(bytes) + " bytes cannot be");
  return (bytes + 3) & ~3u;  // some writers leave the padding out of the length
}

}  // namespace packetbeat
