// Community ID, the hash that network tools share for a connection.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "decode/packet.h"

namespace packetbeat {

constexpr size_t kCommunityIdText = 30;  // "1:" and 20 bytes in base64

/// Version 1, seed 0 (github.com/corelight/community-id-spec): the same for both directions. ICMP: the ports
/// are type and code. Other protocols than TCP, UDP, SCTP and ICMP have no ports. Empty without addresses.
/// The text is written to `out`, and returned.
std::string_view community_id(const Address& source, const Address& destination, uint8_t protocol,
                              uint16_t source_port, uint16_t destination_port,
                              std::span<char, kCommunityIdText> out);

}  // namespace packetbeat
