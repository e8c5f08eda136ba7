#include "capture/capture_reader.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "capture/link.h"
#include "capture/pcap_reader.h"
#include "capture/pcapng_reader.h"

namespace packetbeat {

namespace {

constexpr size_t kMagic = 4;    // bytes that tell a format
constexpr size_t kJudged = 64;  // bytes that are looked at to explain what else a file is

bool looks_like_text(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char c) {
    auto u = static_cast<unsigned char>(c);
    return (u >= 0x20 && u < 0x7f) || u == '\n' || u == '\r' || u == '\t';
  });
}

/// Says what a file is instead of a capture file, for those that people do name by mistake.
std::string explain(std::string_view bytes) {
  auto starts = [&](std::string_view magic) { return bytes.substr(0, magic.size()) == magic; };
  if (starts("\x1f\x8b")) return "it is compressed with gzip; unpack it first (gunzip)";
  if (starts("\x28\xb5\x2f\xfd")) return "it is compressed with zstd; unpack it first (unzstd)";
  if (starts("\xfd"
             "7zXZ"))
    return "it is compressed with xz; unpack it first (unxz)";
  if (starts("BZh")) return "it is compressed with bzip2; unpack it first (bunzip2)";
  if (starts("PK\x03\x04")) return "it is a zip archive; unpack it first";
  if (starts("snoop")) return "it is a snoop capture; convert it with: editcap -F pcap IN OUT";
  if (starts("GMBU") || starts("RTSS"))
    return "it is a Network Monitor capture; convert it with: editcap -F pcap IN OUT";
  if (looks_like_text(bytes)) return "it is text; name a pcap or pcapng file";
  return "its first bytes are of no known format; name a pcap or pcapng file";
}

}  // namespace

CaptureReader::CaptureReader(ByteInput& input, std::string name) : input_(input), name_(std::move(name)) {}

bool CaptureReader::open() {
  if (records_) return true;
  auto state = input_.want(kMagic);
  if (state == InputBuffer::State::Waiting) return false;
  if (input_.size() == 0)
    throw CaptureError("ERR_CAPTURE_FILE_EMPTY",
                       name_ + " is empty: there is not even a file header to read.");
  bool whole = state == InputBuffer::State::Ready;
  if (whole && PcapngReader::recognises(input_.data())) {
    records_ = std::make_unique<PcapngReader>(name_);
  } else if (whole && PcapReader::recognises(input_.data())) {
    state = input_.want(PcapReader::kHeader);
    if (state != InputBuffer::State::Ready) return ran_out(state, input_, name_) != Source::Next::Idle;
    records_ = std::make_unique<PcapReader>(input_, name_);
  } else {
    if (input_.want(kJudged) == InputBuffer::State::Waiting) return false;
    std::string_view bytes(reinterpret_cast<const char*>(input_.data()), std::min(input_.size(), kJudged));
    throw CaptureError("ERR_CAPTURE_FILE_FORMAT", name_ + " is not a capture file: " + explain(bytes) + ".");
  }
  return true;
}

Source::Next CaptureReader::next(Frame& frame) {
  if (!records_ && !open()) return Source::Next::Idle;
  return records_->next(input_, frame);
}

Source::Next ran_out(InputBuffer::State state, const InputBuffer& input, const std::string& name,
                     uint64_t taken) {
  if (state == InputBuffer::State::Waiting) return Source::Next::Idle;
  if (input.size() == 0 && taken == 0) return Source::Next::End;
  throw CaptureError("ERR_CAPTURE_FILE_TRUNCATED", name + " is cut off: the record at byte " +
                                                       std::to_string(input.offset() - taken) +
                                                       " ends after " + std::to_string(input.size() + taken) +
                                                       " bytes. Everything before it was read.");
}

void corrupt(const std::string& name, uint64_t offset, const std::string& what) {
  throw CaptureError("ERR_CAPTURE_FILE_CORRUPT", name + " is damaged at byte " + std::to_string(offset) +
                                                     ": " + what + ". Everything before it was read.");
}

void unsupported_link(const std::string& name, uint32_t link) {
  throw CaptureError(
      "ERR_CAPTURE_LINK_TYPE",
      name + " has link type " + link_text(link) +
          ", which cannot be decoded; capture on an Ethernet, loopback, cooked (any), PPP or raw IP device.");
}

}  // namespace packetbeat
