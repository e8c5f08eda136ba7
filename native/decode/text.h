// Addresses and bytes as text, written into the caller's buffer.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "decode/packet.h"

namespace packetbeat {

constexpr size_t kAddressText = 45;  // the longest IPv6 address, with an IPv4 one at its end
constexpr size_t kMacText = 17;

// Each returns the end of what it wrote; no NUL is added, `out` must have the room.

/// IPv4 as dotted decimal, IPv6 as RFC 5952 §4 says; nothing for version 0.
char* write_address(const Address& address, char* out);

/// An IPv4-mapped address (RFC 4291 §2.5.5.2) as the IPv4 address it stands for, as upstream writes it; any
/// other as it is.
Address unmapped(const Address& address);
/// Upper-case hexadecimal with dashes, as ECS asks for.
char* write_mac(const Mac& mac, char* out);
char* write_decimal(uint64_t value, char* out);
/// RFC 4648 §4; `padded` with '='. Takes (bytes + 2) / 3 * 4 characters at most.
char* write_base64(std::span<const uint8_t> bytes, char* out, bool padded);

std::string to_text(const Address& address);

}  // namespace packetbeat
