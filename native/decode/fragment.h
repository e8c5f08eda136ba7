// What decoding asks of whoever puts IP datagrams together again.
#pragma once

#include <cstdint>
#include <span>

#include "capture/frame.h"
#include "decode/packet.h"

namespace packetbeat {

/// One fragment of an IP datagram, without its headers. `bytes` is on loan until the call returns.
struct Fragment {
  Time time = 0;
  Address source{}, destination{};
  uint32_t id = 0;
  uint32_t context = 0;       // the VLAN tags: equal addresses behind different tags are different hosts
  uint8_t protocol = 0;       // IPv4: its protocol. IPv6: the next header of this fragment's fragment header
  uint32_t offset = 0;        // bytes
  bool more = false;          // not the last one
  uint32_t frame_length = 0;  // bytes on the wire of the frame that brought it
  std::span<const uint8_t> bytes;
};

/// A datagram that is complete. `bytes` is valid until the next `add`; empty as long as fragments are
/// missing.
struct Datagram {
  std::span<const uint8_t> bytes;
  uint8_t protocol = 0;
  uint32_t earlier_frames = 0, earlier_bytes = 0;  // of the fragments before the one that completed it
};

/// Takes fragments in any order. Implemented by `IpFragments`; an interface, so that decoding holds no state.
class Defragmenter {
 public:
  virtual ~Defragmenter() = default;
  virtual Datagram add(const Fragment& fragment) = 0;
};

}  // namespace packetbeat
