#include "capture/link.h"

#include <utility>

#include "capture/bytes.h"

namespace packetbeat {

std::optional<Link> link_of(uint32_t number) {
  switch (auto link = static_cast<Link>(number & 0xffff)) {
    case Link::Null:
    case Link::Ethernet:
    case Link::Ppp:
    case Link::RawOld:
    case Link::RawOpenBsd:
    case Link::PppSerial:
    case Link::Raw:
    case Link::Loop:
    case Link::Sll:
    case Link::Ipv4:
    case Link::Ipv6:
    case Link::Sll2:
      return number <= 0xffff ? std::optional(link) : std::nullopt;
  }
  return std::nullopt;
}

std::optional<Link> link_of_dlt(int number) {
  // 12 is DLT_LOOP on OpenBSD, which is not among our systems; elsewhere it is raw IP.
  return number < 0 ? std::nullopt : link_of(static_cast<uint32_t>(number));
}

std::optional<LinkHeaders> link_headers(Link link) {
  switch (link) {
    case Link::Ethernet:
      return LinkHeaders{12, 14};
    case Link::Sll:
      return LinkHeaders{14, 16};
    case Link::Sll2:
      return LinkHeaders{0, 20};
    case Link::Raw:
    case Link::RawOld:
    case Link::RawOpenBsd:
    case Link::Ipv4:
    case Link::Ipv6:
      return LinkHeaders{std::nullopt, 0};
    case Link::Null:
    case Link::Loop:
      return LinkHeaders{std::nullopt, 4};
    case Link::Ppp:
    case Link::PppSerial:
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<CookedHeader> cooked_header(const Frame& frame) {
  constexpr uint16_t kLeaves = 4;  // PACKET_OUTGOING of Linux
  const uint8_t* at = frame.bytes.data();
  if (frame.link == Link::Sll2 && frame.bytes.size() >= 20)
    return CookedHeader{big_endian.u32(at + 4), big_endian.u16(at + 8), at[10] == kLeaves};
  if (frame.link == Link::Sll && frame.bytes.size() >= 16) {
    const uint16_t hardware = big_endian.u16(at + 2);
    return CookedHeader{hardware, hardware, big_endian.u16(at) == kLeaves};
  }
  return std::nullopt;
}

std::string link_text(uint32_t number) {
  // Those that people do meet; the rest keep their bare number.
  static constexpr std::pair<uint32_t, const char*> names[] = {
      {6, "Token Ring"},
      {10, "FDDI"},
      {51, "PPPoE"},
      {104, "Cisco HDLC"},
      {105, "IEEE 802.11"},
      {107, "Frame Relay"},
      {117, "pflog"},
      {119, "IEEE 802.11, Prism"},
      {127, "IEEE 802.11, radiotap"},
      {143, "DOCSIS"},
      {147, "user 0"},
      {187, "Bluetooth HCI H4"},
      {189, "USB, Linux"},
      {192, "PPI"},
      {195, "IEEE 802.15.4"},
      {197, "ERF"},
      {201, "Bluetooth HCI H4 with header"},
      {220, "USB, Linux, padded"},
      {227, "CAN"},
      {239, "NFLOG"},
      {249, "USBPcap"},
      {253, "Netlink"},
      {258, "pktap"},
  };
  std::string text = std::to_string(number);
  for (auto [known, name] : names)
    if (known == number) text += std::string(" (") + name + ")";
  return text;
}

}  // namespace packetbeat
