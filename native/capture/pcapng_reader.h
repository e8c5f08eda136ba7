// The pcapng format: sections of blocks. Source: draft-ietf-opsawg-pcapng.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "capture/bytes.h"
#include "capture/capture_reader.h"

namespace packetbeat {

/// How one interface of a section counts its time.
struct PcapngClock {
  uint8_t resolution = 6;  // if_tsresol: units of 10^-n seconds, with bit 7 of 2^-n
  int64_t offset = 0;      // if_tsoffset, seconds
  Time time(uint64_t units) const;
};

class PcapngReader final : public RecordReader {
 public:
  /// By the first four bytes of a file.
  static bool recognises(const uint8_t* magic);
  explicit PcapngReader(std::string name);
  Source::Next next(InputBuffer& input, Frame& frame) override;
  uint64_t unsupported() const override { return unsupported_; }

 private:
  struct Interface {
    uint32_t number;  // link type in the file
    std::optional<Link> link;
    uint32_t snaplen;
    PcapngClock clock;
  };

  /// Looks at the block that `input` stands before; nothing: it held no frame for us, go on with the next
  /// one.
  std::optional<Source::Next> block(InputBuffer& input, Frame& frame);
  std::optional<Source::Next> section(InputBuffer& input);
  std::optional<Source::Next> interface_block(InputBuffer& input);
  std::optional<Source::Next> packet(InputBuffer& input, uint32_t type, Frame& frame);
  Source::Next finish(InputBuffer::State state, const InputBuffer& input) const;
  /// Bytes of the block at `input`. @throws CaptureError ERR_CAPTURE_FILE_CORRUPT when below `least`.
  uint32_t length(const InputBuffer& input, uint32_t least) const;

  std::string name_;
  ByteOrder order_;
  std::vector<Interface> interfaces_;  // of this section
  uint64_t length_ = 0, left_ = 0;     // bytes of the last block, and how many are still to be passed over
  Time time_ = 0;                      // of the last frame
  uint64_t frames_ = 0, unsupported_ = 0;
  uint32_t unsupported_link_ = 0;
};

}  // namespace packetbeat
