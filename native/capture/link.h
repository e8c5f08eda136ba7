// Which link types we decode, and what the others are called.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "capture/frame.h"

namespace packetbeat {

/// The link type with this number in a capture file; nothing when `decode` does not know it.
std::optional<Link> link_of(uint32_t number);

/// The same for libpcap's number of a live device: a few differ from system to system.
std::optional<Link> link_of_dlt(int number);

/// For messages: `105 (IEEE 802.11)`.
std::string link_text(uint32_t number);

}  // namespace packetbeat
