// A classic BPF program that lets through the configured ports, made without libpcap.
#pragma once

#include <cstdint>
#include <set>

#include "capture/bpf.h"
#include "capture/frame.h"

namespace packetbeat {

/// What the configured protocols watch.
struct WatchedPorts {
  std::set<uint16_t> tcp;
  std::set<uint16_t> udp;
  bool icmp = false;
};

/// A program that returns `snaplen` for what `ports` may need and 0 for the rest.
///
/// Both directions match. What has no readable port is let through, for the decoder to judge: fragments after
/// the first, IPv6 behind extension headers, tunnels (IP in IP, 6in4, GRE, VXLAN, Geneve), MPLS and PPPoE.
/// With `vlans` it also looks behind up to two tags in the frame; a tag that the kernel took out never
/// disturbs it. A link type whose headers it cannot read, or more ports than a program can hold, lets
/// everything through: it may only spare work.
BpfProgram port_filter(const WatchedPorts& ports, Link link, bool vlans, uint32_t snaplen);

}  // namespace packetbeat
