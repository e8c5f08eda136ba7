#include "decode/decode.h"

#include "decode/layers.h"

namespace packetbeat {

DecodeResult decode(const Frame& frame, Packet& packet, Defragmenter* fragments) {
  packet = Packet{};
  packet.time = frame.time;
  packet.wire_length = std::max(frame.wire_length, static_cast<uint32_t>(frame.bytes.size()));
  if (frame.vlan) layers::add_vlan(packet, *frame.vlan);
  layers::Walk walk{packet, fragments};
  return layers::link(walk, layers::View(frame.bytes, packet.wire_length), frame.link);
}

}  // namespace packetbeat
