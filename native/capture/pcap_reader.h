// The classic pcap format. Source: tcpdump.org, pcap-savefile(5).
#pragma once

#include <cstdint>
#include <string>

#include "capture/bytes.h"
#include "capture/capture_reader.h"

namespace packetbeat {

class PcapReader final : public RecordReader {
 public:
  static constexpr size_t kHeader = 24;  // bytes of the file header

  /// By the first four bytes of a file.
  static bool recognises(const uint8_t* magic);
  /// Takes the file header, `kHeader` bytes that are in `input`. @throws CaptureError ERR_CAPTURE_LINK_TYPE.
  PcapReader(InputBuffer& input, std::string name);
  Source::Next next(InputBuffer& input, Frame& frame) override;

 private:
  std::string name_;
  ByteOrder order_;
  size_t record_header_;  // bytes
  uint32_t fraction_;     // nanoseconds in a unit of the second half of a time
  Link link_;
};

}  // namespace packetbeat
