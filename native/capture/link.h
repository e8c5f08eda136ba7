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

/// Where a link's headers have the EtherType, and where the network layer begins; bytes from the frame's
/// start.
struct LinkHeaders {
  std::optional<uint32_t> type;  // nothing: there is none, the IP version must tell
  uint32_t network;
};
/// Nothing: they are of varying length.
std::optional<LinkHeaders> link_headers(Link link);

/// What the cooked headers of Linux, SLL and SLL2, say of the device that showed a packet.
struct CookedHeader {
  uint32_t device;    // its number; in SLL, which has none, `hardware`
  uint16_t hardware;  // ARPHRD_ number of its kind
  bool leaves;        // the packet goes out by it
};
/// Nothing: of another link, or cut.
std::optional<CookedHeader> cooked_header(const Frame& frame);

/// For messages: `105 (IEEE 802.11)`.
std::string link_text(uint32_t number);

}  // namespace packetbeat
