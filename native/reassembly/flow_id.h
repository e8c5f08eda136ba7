// The text that names a flow in `flow.id`.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "reassembly/flow_key.h"

namespace packetbeat {

/// 2 bytes of flags, 12 of offsets, 3 of counters, then at most 2 MAC, 2 VLAN tags, 4 IP addresses, 2 ports
/// and a connection: 117 bytes, in base64.
constexpr size_t kFlowIdText = 156;

/// The same text as Packetbeat gives the same flow: base64 without padding of
/// - which layers there are, a bit each, 16 bits little endian: Ethernet, outer VLAN, VLAN, outer IPv4, IPv4,
///   outer IPv6, IPv6, ICMPv4, ICMPv6 (both never set), UDP, TCP, TCP connection;
/// - where each of them begins in the addresses, in bytes, 0xff for none;
/// - how many Ethernet, VLAN and IP headers there were;
/// - the addresses, low side first; tags, ports and the connection number little endian.
/// SCTP, which Packetbeat does not look into, is bit 12 and without an offset.
std::string_view flow_id(const FlowKey& key, std::span<char, kFlowIdText> out);

}  // namespace packetbeat
