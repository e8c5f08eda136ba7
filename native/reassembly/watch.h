// Which ports belong to which protocol.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "decode/packet.h"

namespace packetbeat {

/// What one protocol watches; its place in the list is its index.
struct Watch {
  bool tcp = false, udp = false, icmp = false;
  std::vector<uint16_t> ports{};
  bool every_port = false;   // whatever `ports` has
  Time idle = 10 * kSecond;  // a conversation without a packet for that long is over
};

/// A watch's index, or this.
constexpr int kUnwatched = -1;
constexpr size_t kMaxWatches = 255;  // an index and "none" fit a byte

/// The watch of every port, one byte each: a look-up costs one load, whatever the number of ports.
class PortIndex {
 public:
  /// Of two watches with the same port the first has it. At most `kMaxWatches`.
  explicit PortIndex(const std::vector<Watch>& watches);

  int tcp(uint16_t port) const { return tcp_[port] - 1; }
  int udp(uint16_t port) const { return udp_[port] - 1; }
  int icmp() const { return icmp_ - 1; }

  /// Whether a packet comes from the side that serves, told by what the look-up of its ports gave: that side
  /// has the watched port. Where every port is watched, the lower one of the two (clients are given high
  /// ones: RFC 6335 §6).
  bool from_server(int at_source, int at_destination, const Packet& packet) const {
    return at_destination == kUnwatched ||
           (at_source != kUnwatched && every_port_ && packet.source_port < packet.destination_port);
  }

 private:
  std::array<uint8_t, 65536> tcp_{}, udp_{};  // 0: unwatched, else the index and 1
  uint8_t icmp_ = 0;
  bool every_port_ = false;
};

}  // namespace packetbeat
