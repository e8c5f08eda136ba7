// A pcap filter expression for frames that no kernel has filtered: those of files.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "capture/bpf.h"
#include "capture/frame.h"

namespace packetbeat {

/// Compiled by libpcap for each link type that comes, and run by it. One thread.
class PacketFilter {
 public:
  /// @throws CaptureError ERR_CAPTURE_NO_LIBPCAP.
  explicit PacketFilter(std::string expression);

  /// @throws CaptureError ERR_CAPTURE_FILTER with the first frame of a link type for which it does not
  /// compile.
  bool matches(const Frame& frame);

 private:
  BpfProgram& program_for(Link link);

  std::string expression_;
  std::vector<std::pair<Link, BpfProgram>> programs_;
};

}  // namespace packetbeat
