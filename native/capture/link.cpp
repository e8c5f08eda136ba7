#include "capture/link.h"

#include <utility>

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
