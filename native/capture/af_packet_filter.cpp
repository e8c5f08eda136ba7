#include "capture/af_packet_filter.h"

#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/if_arp.h>

#include "capture/source.h"

namespace packetbeat {

namespace {

constexpr uint32_t kCookedHeader = 16;  // bytes

constexpr uint32_t ancillary(int number) {
  return static_cast<uint32_t>(SKF_AD_OFF + number);
}

uint32_t field_of_cooked_header(uint32_t offset) {
  switch (offset) {
    case 0:
      return ancillary(SKF_AD_PKTTYPE);
    case 2:
      return ancillary(SKF_AD_HATYPE);
    case 14:
      return ancillary(SKF_AD_PROTOCOL);
    default:
      throw CaptureError("ERR_CAPTURE_FILTER",
                         "The filter looks at link-layer addresses, which not every device here has; name "
                         "one Ethernet device, or leave them out.");
  }
}

}  // namespace

BpfProgram cooked_to_socket(BpfProgram program) {
  constexpr auto network = static_cast<uint32_t>(SKF_NET_OFF);
  for (auto& instruction : program) {
    switch (instruction.code) {
      case bpf::kLoadWord:
      case bpf::kLoadHalf:
      case bpf::kLoadByte:
        if (instruction.k >= ancillary(0)) break;  // an ancillary field already
        if (instruction.k < kCookedHeader) {
          instruction = {bpf::kLoadWord, 0, 0, field_of_cooked_header(instruction.k)};
          break;
        }
        [[fallthrough]];
      case bpf::kLoadXHeaderLength:
      case bpf::kLoadWordIndexed:
      case bpf::kLoadHalfIndexed:
      case bpf::kLoadByteIndexed:
        instruction.k += network - kCookedHeader;  // an index is added later, modulo 2^32
        break;
      default:
        break;
    }
  }
  return program;
}

BpfProgram without_loopback_copies(const BpfProgram& program) {
  BpfProgram joined = {
      {bpf::kLoadHalf, 0, 0, ancillary(SKF_AD_HATYPE)},
      {bpf::kJumpEqual, 0, 3, ARPHRD_LOOPBACK},
      {bpf::kLoadByte, 0, 0, ancillary(SKF_AD_PKTTYPE)},
      {bpf::kJumpEqual, 0, 1, PACKET_OUTGOING},
      {bpf::kReturn, 0, 0, 0},
  };
  joined.insert(joined.end(), program.begin(), program.end());
  return joined;
}

}  // namespace packetbeat
