// A TPACKET_V3 ring: memory that the kernel fills with frames, block by block. Source: Linux,
// packet_mmap.rst.
#pragma once

#include <linux/if_packet.h>

#include <cstdint>

namespace packetbeat {

/// The receive ring of a packet socket. Capture thread only; the socket must outlive it.
class AfPacketRing {
 public:
  /// Maps `bytes` (rounded down to whole blocks) of kernel memory, in which a frame of `snaplen` bytes fits.
  /// @throws CaptureError ERR_CAPTURE_BUFFER.
  AfPacketRing(int socket, uint64_t bytes, uint32_t snaplen);
  ~AfPacketRing();
  AfPacketRing(const AfPacketRing&) = delete;
  AfPacketRing& operator=(const AfPacketRing&) = delete;

  /// The next frame's header, its bytes on loan until the next call; null when the kernel has none ready.
  const tpacket3_hdr* next();
  uint64_t bytes() const { return uint64_t{block_bytes_} * blocks_; }

 private:
  tpacket_block_desc* block() const;

  uint8_t* memory_;
  uint32_t block_bytes_, blocks_;
  uint32_t current_ = 0;                 // block
  uint32_t frames_left_ = 0;             // of it
  bool held_ = false;                    // it is ours, until its last frame was used
  const tpacket3_hdr* frame_ = nullptr;  // last one handed out
};

}  // namespace packetbeat
