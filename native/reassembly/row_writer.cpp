#include "reassembly/row_writer.h"

#include "decode/text.h"
#include "reassembly/community_id.h"

namespace packetbeat {

void RowWriter::open(Conversation& conversation, uint32_t id, Time time) {
  if (++opened_ == 0) ++opened_;
  conversation.told = opened_;
  const Endpoints& ends = conversation.ends;
  const Address source{ends.source, ends.version}, destination{ends.destination, ends.version};
  const bool mapped = unmapped(source).version == 4 && unmapped(destination).version == 4;

  constexpr size_t kTicketText = 11;  // NUL and a 32-bit number
  char text[2 * (kAddressText + 1) + kCommunityIdText + kTicketText];
  char* end = write_address(source, text);
  *end++ = '\0';
  end = write_address(destination, end);
  *end++ = '\0';
  end += community_id(mapped ? unmapped(source) : source, mapped ? unmapped(destination) : destination,
                      ends.protocol, ends.source_port, ends.destination_port,
                      std::span<char, kCommunityIdText>(end, kCommunityIdText))
             .size();

  if (id < tickets_.size()) {
    *end++ = '\0';
    end = write_decimal(tickets_[id], end);
  }

  Row row = Row::make(RowKind::Open, time, id);
  const bool icmp = ends.protocol == kIcmp || ends.protocol == kIcmp6;
  row.a = icmp ? 0 : uint32_t{ends.source_port} << 16 | ends.destination_port;
  row.b =
      uint32_t{conversation.watch} | uint32_t{ends.protocol} << 8 | uint32_t{unmapped(source).version} << 16;
  pool_.push(row, {reinterpret_cast<const uint8_t*>(text), static_cast<size_t>(end - text)});
}

void RowWriter::datagram(Conversation& conversation, uint32_t id, unsigned direction, Time time,
                         std::span<const uint8_t> bytes, uint32_t wire_length) {
  if (conversation.enough) return;
  if (!conversation.told) open(conversation, id, time);
  Row row = Row::make(RowKind::Data, time, id, direction);
  row.a = wire_length > bytes.size() ? wire_length : 0;
  pool_.push(row, bytes);
}

void RowWriter::gap(Conversation& conversation, uint32_t id, unsigned direction, Time time, uint32_t bytes) {
  if (conversation.enough) return;
  if (!conversation.told) open(conversation, id, time);
  Row row = Row::make(RowKind::Gap, time, id, direction);
  row.a = bytes;
  pool_.push(row);
}

void RowWriter::close(const Conversation& conversation, uint32_t id, Time time, CloseReason reason) {
  if (!conversation.told) return;
  Row row = Row::make(RowKind::Close, time, id);
  row.head |= static_cast<uint32_t>(reason) << 16;
  pool_.push(row);
}

}  // namespace packetbeat
