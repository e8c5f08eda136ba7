// SHA-1, which Community ID is made with. Not for secrets.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace packetbeat {

/// FIPS 180-4 §6.1, of a message of at most 55 bytes: one block, as the addresses and ports of a connection
/// are.
std::array<uint8_t, 20> sha1_short(std::span<const uint8_t> message);

}  // namespace packetbeat
