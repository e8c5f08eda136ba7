#include "reassembly/watch.h"

#include <algorithm>

namespace packetbeat {

PortIndex::PortIndex(const std::vector<Watch>& watches) {
  for (size_t i = 0; i < std::min(watches.size(), kMaxWatches); ++i) {
    const auto mark = static_cast<uint8_t>(i + 1);
    const auto claim = [mark](uint8_t& place) { place = place ? place : mark; };
    const auto claim_port = [&](size_t port) {
      if (watches[i].tcp) claim(tcp_[port]);
      if (watches[i].udp) claim(udp_[port]);
    };
    for (const uint16_t port : watches[i].ports) claim_port(port);
    for (size_t port = 0; watches[i].every_port && port < tcp_.size(); ++port) claim_port(port);
    every_port_ = every_port_ || watches[i].every_port;
    if (watches[i].icmp) claim(icmp_);
  }
}

}  // namespace packetbeat
