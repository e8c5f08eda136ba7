// Packets that a capture on all devices sees more than once: one that is bridged or routed passes the taps of
// several devices, and so does one of a bond, a VLAN or a macvlan device. Each is to be one packet.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "capture/frame.h"

namespace packetbeat {

/// Remembers what passed which tap (`Frame::tap`) in the last moments, in a table of fixed size: of more
/// packets than it holds, copies are no longer known.
///
/// A packet that comes to the same tap again is another one, sent again; one of another tap is a copy. What
/// routers and devices change counts for nothing: hop limit, traffic class, checksums.
class Copies {
 public:
  /// A copy may have waited that long in the queue of a device.
  static constexpr Time kWindow = 100'000'000;

  /// Of a packet: whether another tap showed it before.
  struct Sight {
    bool frame = false;  // as the outermost packet of a frame
    bool talk =
        false;  // as the inmost packet of a frame: outside of a tunnel and in it both sides say the same
  };

  Copies();
  /// Takes the outermost IP packet of a frame. `packet`: from its whole IP header on.
  Sight outermost(std::span<const uint8_t> packet, uint32_t tap, Time time);
  /// Takes the inmost one, of a tunnel. True: another tap showed it before.
  bool inmost(std::span<const uint8_t> packet, uint32_t tap, Time time);

  struct Counters {
    uint64_t frames = 0;  // that are copies
    uint64_t talks = 0;   // frames whose tunnel holds a copy, or that are copies of what a tunnel holds
  };
  Counters counters;

 private:
  struct Entry {
    uint64_t hash = 0;
    Time time = 0;
    uint32_t frame_tap = 0, talk_tap = 0;  // which showed it first; 0: none
  };
  static constexpr size_t kWays = 4, kSets = 1 << 13;
  using Set = std::array<Entry, kWays>;

  Entry& entry(std::span<const uint8_t> packet, Time time);
  uint64_t hash(std::span<const uint8_t> packet) const;

  const uint64_t seed_;
  std::vector<Set> sets_;
};

/// Which tap showed a frame: as its source says, or its cooked header (tcpdump.org/linktypes.html). 0: not
/// known.
uint32_t tap_of(const Frame& frame);
/// From the outermost IP header of a frame on, behind Ethernet or a cooked header and VLAN tags; empty: it
/// has none there.
std::span<const uint8_t> outermost_ip(const Frame& frame);
bool has_ip_header(std::span<const uint8_t> packet);

}  // namespace packetbeat
