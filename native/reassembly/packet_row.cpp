#include "reassembly/packet_row.h"

#include <cstring>
#include <span>

namespace packetbeat {
namespace {

/// What the row says of the packet beside its time.
Row describe(const Frame& frame, const Packet& packet, DecodeResult result) {
  Row row = Row::make(RowKind::Packet, frame.time);
  row.head |= static_cast<uint32_t>(result) << 16 | uint32_t{packet.tcp_flags} << 24;
  row.conversation = uint32_t{packet.inner_source().version} | uint32_t{packet.protocol} << 8 |
                     uint32_t{static_cast<uint16_t>(frame.link)} << 16;
  row.a = packet.wire_length;
  row.b = uint32_t{packet.source_port} << 16 | packet.destination_port;
  return row;
}

}  // namespace

void write_packet(const Frame& frame, const Packet& packet, DecodeResult result, BatchPool& pool) {
  const VlanTag tag(frame);
  const auto offset = [&](const uint8_t* place) {
    return place ? static_cast<uint32_t>(static_cast<size_t>(place - frame.bytes.data()) + tag.size)
                 : kNowhere;
  };
  const uint8_t* const payload = packet.payload.data();
  const std::array<uint32_t, kPacketColumnNames.size()> columns = {
      offset(packet.network), offset(packet.transport), offset(payload),
      offset(payload ? payload + packet.payload.size() : nullptr)};

  pool.align();
  const size_t length = sizeof columns + frame.bytes.size() + tag.size;
  uint8_t* to = pool.append(describe(frame, packet, result), static_cast<uint32_t>(length));
  if (to == nullptr) return;
  const auto put = [&to](const void* bytes, size_t size) {
    if (size != 0) std::memcpy(to, bytes, size);
    to += size;
  };
  const auto macs = frame.bytes.first(tag.size ? kMacs : 0), rest = frame.bytes.subspan(macs.size());
  put(columns.data(), sizeof columns);
  put(macs.data(), macs.size());
  put(tag.bytes.data(), tag.size);
  put(rest.data(), rest.size());
}

}  // namespace packetbeat
