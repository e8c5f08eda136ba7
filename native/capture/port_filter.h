// A classic BPF program that lets through the configured ports, made without libpcap.
#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "capture/frame.h"

namespace packetbeat {

/// One classic BPF instruction, laid out as the kernel's sock_filter and libpcap's bpf_insn.
struct BpfInstruction {
  uint16_t code;
  uint8_t jt;
  uint8_t jf;
  uint32_t k;
  bool operator==(const BpfInstruction&) const = default;
};

using BpfProgram = std::vector<BpfInstruction>;

/// What the configured protocols watch.
struct WatchedPorts {
  std::set<uint16_t> tcp;
  std::set<uint16_t> udp;
  bool icmp = false;
};

/// A program that returns `snaplen` for what `ports` may need and 0 for the rest.
///
/// Both directions match. What has no readable port is let through, for the decoder to judge: fragments after the
/// first, IPv6 behind extension headers, and tunnels (IP in IP, 6in4, GRE, VXLAN, Geneve). With `vlans` it also looks
/// behind up to two tags in the frame; tags that the kernel took out never disturb it.
/// @throws CaptureError ERR_CAPTURE_FILTER when `link` has no such filter or it would be too long for the kernel.
BpfProgram port_filter(const WatchedPorts& ports, Link link, bool vlans, uint32_t snaplen);

}  // namespace packetbeat
