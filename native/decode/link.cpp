// Link layers of capture files and devices (tcpdump.org/linktypes.html), and VLAN tags.
#include "decode/layers.h"

namespace packetbeat::layers {
namespace {

/// Below, the field is the length of an IEEE 802.3 frame.
constexpr uint16_t kFirstEthertype = 0x0600;

// ARPHRD_ values whose SLL protocol field is no EtherType: netlink, GRE as a device, and the like keep
// theirs.
constexpr uint16_t kArphrdNetlink = 824;

DecodeResult sll(Walk& walk, View view) {
  if (!view.has(16)) return DecodeResult::Truncated;
  uint16_t device = view.u16(2), type = view.u16(14);
  view.skip(16);
  return device == kArphrdNetlink ? DecodeResult::NotIp : by_ethertype(walk, view, type);
}

DecodeResult sll2(Walk& walk, View view) {
  if (!view.has(20)) return DecodeResult::Truncated;
  uint16_t type = view.u16(0), device = view.u16(8);
  view.skip(20);
  return device == kArphrdNetlink ? DecodeResult::NotIp : by_ethertype(walk, view, type);
}

/// BSD loopback: the address family in the byte order of the machine that captured; OpenBSD's in network
/// order.
DecodeResult loopback(Walk& walk, View view) {
  if (!view.has(4)) return DecodeResult::Truncated;
  uint32_t family = view.u32(0);
  if (family > 0xffff) family = family >> 24 | (family >> 8 & 0xff00);
  view.skip(4);
  switch (family) {
    case 2:
      return ipv4(walk, view);
    case 10:  // Linux
    case 24:  // NetBSD, OpenBSD
    case 28:  // FreeBSD
    case 30:  // macOS
      return ipv6(walk, view);
    default:
      return DecodeResult::NotIp;
  }
}

/// IEEE 802.2 with a SNAP header carries an EtherType (RFC 1042).
DecodeResult ieee_802_3(Walk& walk, View view, uint16_t length) {
  if (++walk.depth > kMaxLayers) return DecodeResult::TooDeep;
  if (length < view.wire()) view.limit(length);
  constexpr uint32_t kSnap = 0xaaaa0300;
  if (!view.has(8) || view.u32(0) != kSnap || view.u8(4) != 0) return DecodeResult::NotIp;
  uint16_t type = view.u16(6);
  view.skip(8);
  return by_ethertype(walk, view, type);
}

}  // namespace

void add_vlan(Packet& packet, uint16_t tag_control) {
  constexpr uint16_t kVlanId = 0x0fff;
  auto id = static_cast<uint16_t>(tag_control & kVlanId);
  if (packet.vlans == 2) {
    packet.vlan = {packet.vlan[1], id};
  } else {
    packet.vlan[packet.vlans++] = id;
  }
  if (packet.vlan_tags != UINT8_MAX) ++packet.vlan_tags;
}

DecodeResult link(Walk& walk, View view, Link type) {
  switch (type) {
    case Link::Ethernet:
      return ethernet(walk, view);
    case Link::Sll:
      return sll(walk, view);
    case Link::Sll2:
      return sll2(walk, view);
    case Link::Null:
    case Link::Loop:
      return loopback(walk, view);
    case Link::Raw:
    case Link::RawOld:
    case Link::RawOpenBsd:
      return ip(walk, view);
    case Link::Ipv4:
      return ipv4(walk, view);
    case Link::Ipv6:
      return ipv6(walk, view);
    case Link::Ppp:
    case Link::PppSerial:
      return ppp(walk, view);
  }
  return DecodeResult::UnknownLink;
}

DecodeResult ethernet(Walk& walk, View view) {
  if (++walk.depth > kMaxLayers) return DecodeResult::TooDeep;
  if (!view.has(14)) return DecodeResult::Truncated;
  // Of a frame in a tunnel the addresses belong to another network; the outer ones are on this wire.
  if (walk.depth == 1) {
    walk.packet.has_macs = true;
    walk.packet.destination_mac = mac_at(view, 0);
    walk.packet.source_mac = mac_at(view, 6);
  }
  uint16_t type = view.u16(12);
  view.skip(14);
  return by_ethertype(walk, view, type);
}

DecodeResult by_ethertype(Walk& walk, View view, uint16_t type) {
  while (is_vlan(type)) {
    if (!view.has(4)) return DecodeResult::Truncated;
    if (walk.depth <= 1 && walk.packet.ip_layers == 0) add_vlan(walk.packet, view.u16(0));
    type = view.u16(2);
    view.skip(4);
  }
  switch (type) {
    case ethertype::kIpv4:
      return ipv4(walk, view);
    case ethertype::kIpv6:
      return ipv6(walk, view);
    case ethertype::kMpls:
    case ethertype::kMplsMulticast:
      return mpls(walk, view);
    case ethertype::kPppoe:
      return pppoe(walk, view);
    case ethertype::kEthernet:
      return ethernet(walk, view);
    default:
      return type < kFirstEthertype ? ieee_802_3(walk, view, type) : DecodeResult::NotIp;
  }
}

}  // namespace packetbeat::layers
