// What may stand between Ethernet and IP: MPLS, PPPoE, PPP.
#include "decode/layers.h"

namespace packetbeat::layers {
namespace {

/// RFC 4448 §4.6: a control word, then an Ethernet frame.
DecodeResult pseudowire(Walk& walk, View view) {
  if (!view.has(4)) return DecodeResult::Truncated;
  view.skip(4);
  return ethernet(walk, view);
}

}  // namespace

/// RFC 3032. A label does not say what it carries: the first four bits tell IP versions and the control word
/// of a pseudowire apart, as routers guess too (RFC 4928); a frame without a control word may begin with any
/// of them.
DecodeResult mpls(Walk& walk, View view) {
  bool bottom = false;
  while (!bottom) {
    if (!view.has(4)) return DecodeResult::Truncated;
    bottom = view.u8(2) & 1;
    view.skip(4);
  }
  if (!view.has(1)) return DecodeResult::Truncated;
  unsigned version = view.u8(0) >> 4;
  Layer guess = version == 4 ? ipv4 : version == 6 ? ipv6 : version == 0 ? pseudowire : ethernet;
  uint8_t layers = walk.packet.ip_layers;
  DecodeResult result = open(walk, view, guess);
  if (walk.packet.ip_layers > layers || guess == ethernet || walk.guessed) return result;
  walk.guessed = true;
  DecodeResult other = open(walk, view, ethernet);
  return walk.packet.ip_layers > layers ? other : result;
}

/// RFC 2516 §4. Its length leaves the Ethernet padding out.
DecodeResult pppoe(Walk& walk, View view) {
  if (!view.has(6)) return DecodeResult::Truncated;
  if (view.u8(0) != 0x11) return DecodeResult::Malformed;
  if (view.u8(1) != 0) return DecodeResult::NotIp;  // a session's code is 0; discovery carries no packets
  uint16_t length = view.u16(4);
  view.skip(6);
  view.limit(length);
  return ppp(walk, view);
}

/// RFC 1661 §2, RFC 1662 §3.1: address and control may be left out, and the protocol's first byte when it is
/// 0.
DecodeResult ppp(Walk& walk, View view) {
  if (!view.has(2)) return DecodeResult::Truncated;
  constexpr uint16_t kAddressAndControl = 0xff03;
  if (view.u16(0) == kAddressAndControl) view.skip(2);
  if (!view.has(1)) return DecodeResult::Truncated;
  uint16_t protocol = view.u8(0);
  if (protocol & 1) {
    view.skip(1);
  } else {
    if (!view.has(2)) return DecodeResult::Truncated;
    protocol = view.u16(0);
    view.skip(2);
  }
  switch (protocol) {
    case 0x0021:
      return ipv4(walk, view);
    case 0x0057:
      return ipv6(walk, view);
    case 0x0281:
    case 0x0283:
      return mpls(walk, view);
    default:
      return DecodeResult::NotIp;
  }
}

}  // namespace packetbeat::layers
