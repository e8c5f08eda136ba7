#include "capture/packet_filter.h"

#include "capture/capture_reader.h"
#include "capture/libpcap.h"
#include "capture/source.h"

namespace packetbeat {

PacketFilter::PacketFilter(std::string expression) : expression_(std::move(expression)) {
  if (Libpcap::get().offline_filter == nullptr)
    throw CaptureError("ERR_CAPTURE_NO_LIBPCAP",
                       "This libpcap is too old to filter capture files; install version 1.0 or later.");
}

bool PacketFilter::matches(const Frame& frame) {
  BpfProgram& program = program_for(frame.link);
  const LibpcapProgram compiled{static_cast<uint32_t>(program.size()), program.data()};
  const LibpcapHeader header{{}, static_cast<uint32_t>(frame.bytes.size()), frame.wire_length};
  return Libpcap::get().offline_filter(&compiled, &header, frame.bytes.data()) != 0;
}

BpfProgram& PacketFilter::program_for(Link link) {
  for (auto& [known, program] : programs_)
    if (known == link) return program;
  return programs_.emplace_back(link, compile_filter(expression_, link, kLongestFrame)).second;
}

}  // namespace packetbeat
