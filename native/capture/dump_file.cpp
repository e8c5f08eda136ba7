#include "capture/dump_file.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <system_error>
#include <utility>

#include "capture/bytes.h"
#include "capture/source.h"
#include "capture/vlan_tag.h"

namespace packetbeat {

namespace {

constexpr size_t kBuffer = 256 << 10;   // bytes for each write to the disk
constexpr size_t kEthernetHeader = 14;  // bytes
constexpr uint32_t kSnaplen = 262144;   // tcpdump's own maximum
constexpr uint16_t kIpv4 = 0x0800, kIpv6 = 0x86dd;

/// In network byte order.
void put16(uint8_t* at, uint16_t value) {
  at[0] = static_cast<uint8_t>(value >> 8);
  at[1] = static_cast<uint8_t>(value);
}

template <size_t N>
std::span<const uint8_t> bytes_of(const uint32_t (&words)[N]) {
  return {reinterpret_cast<const uint8_t*>(words), sizeof words};
}

bool raw(Link link) {
  return link == Link::Raw || link == Link::Ipv4 || link == Link::Ipv6 || link == Link::RawOld;
}

}  // namespace

DumpFile::DumpFile(std::string path) : path_(std::move(path)) {}

DumpFile::~DumpFile() {
  if (file_ != nullptr) std::fclose(file_);
}

void DumpFile::open(Link link) {
  file_ = std::fopen(path_.c_str(), "wb");
  if (file_ == nullptr) fail("create");
  std::setvbuf(file_, nullptr, _IOFBF, kBuffer);
  link_ = link;
  // In this machine's byte order; the magic number tells which that is. Version 2.4 is two halves of a word.
  constexpr uint32_t version = std::endian::native == std::endian::little ? 0x0004'0002 : 0x0002'0004;
  const uint32_t header[] = {0xa1b23c4d, version, 0, 0, kSnaplen, static_cast<uint32_t>(link)};
  put(bytes_of(header));
}

std::optional<DumpFile::Fit> DumpFile::fit(const Frame& frame) const {
  auto bytes = frame.bytes;
  if (frame.link == *link_) {
    const VlanTag tag(frame);
    if (tag.size == 0) return Fit{};
    Fit tagged{0, kMacs, tag.size, {}};
    std::copy(tag.bytes.begin(), tag.bytes.end(), tagged.added.begin());
    return tagged;
  }
  if (*link_ == Link::Ethernet && raw(frame.link) && !bytes.empty()) {
    Fit wrapped{0, 0, kEthernetHeader, {}};
    put16(wrapped.added.data() + kMacs, bytes[0] >> 4 == 6 ? kIpv6 : kIpv4);
    return wrapped;
  }
  if (raw(*link_) && frame.link == Link::Ethernet && bytes.size() > kEthernetHeader)
    if (auto type = big_endian.u16(bytes.data() + kMacs); type == kIpv4 || type == kIpv6)
      return Fit{kEthernetHeader, 0, 0, {}};
  return std::nullopt;
}

void DumpFile::write(const Frame& frame) {
  if (file_ == nullptr) open(frame.link);
  auto fitting = fit(frame);
  if (!fitting) {
    ++left_out_;
    return;
  }
  auto bytes = frame.bytes.subspan(fitting->skipped);
  auto captured = static_cast<uint32_t>(bytes.size() + fitting->added_size);
  // Behind it, what was on the wire and is not here: the part that the snap length cut.
  auto whole = frame.bytes.size() + (frame.vlan ? VlanTag::kLength : 0);
  auto cut = frame.wire_length > whole ? static_cast<uint32_t>(frame.wire_length - whole) : 0;
  const uint32_t header[] = {static_cast<uint32_t>(frame.time / kSecond),
                             static_cast<uint32_t>(frame.time % kSecond), captured, captured + cut};
  put(bytes_of(header));
  put(bytes.first(fitting->added_at));
  put(std::span(fitting->added).first(fitting->added_size));
  put(bytes.subspan(fitting->added_at));
}

void DumpFile::put(std::span<const uint8_t> bytes) {
  if (!bytes.empty() && std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) fail("write");
}

void DumpFile::flush() {
  if (file_ != nullptr && std::fflush(file_) != 0) fail("write");
}

void DumpFile::fail(const char* doing) {
  throw CaptureError("ERR_CAPTURE_DUMP", std::string("Cannot ") + doing + " the dump file \"" + path_ +
                                             "\": " + std::generic_category().message(errno) +
                                             "; make room, or name another path.");
}

}  // namespace packetbeat
