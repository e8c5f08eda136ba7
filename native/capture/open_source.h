// From options to an open source: the one door to everything else in this folder.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "capture/port_filter.h"
#include "capture/source.h"

namespace packetbeat {

/// How fast a recording is handed on.
enum class Pace {
  Top,       // as fast as it is taken, with the recorded times
  Recorded,  // with the recorded spacing, stamped with the current time
};

/// A capture file: pcap (micro- and nanoseconds, both byte orders) or pcapng.
struct FileOptions {
  std::string path;
  uint32_t loops = 1;  // passes over the file; 0: for ever
  Pace pace = Pace::Top;
};

/// The same formats in pieces, see StreamSource::feed.
struct StreamOptions {
  Pace pace = Pace::Top;
};

/// A network interface.
struct LiveOptions {
  enum class Engine { AfPacket, Libpcap };
  std::string device;  // or "any"
  Engine engine = Engine::AfPacket;
  uint32_t snaplen = 262144;            // bytes kept of each packet
  uint64_t buffer_bytes = 30ull << 20;  // the kernel's ring
  bool promiscuous = false;
  std::optional<std::string> filter;     // pcap expression; takes the place of the port filter
  bool port_filter = false;              // drop in the kernel what nobody watches
  bool vlans = false;                    // the port filter looks behind VLAN tags too
  std::optional<uint16_t> fanout_group;  // PACKET_FANOUT; AF_PACKET only
};

using SourceOptions = std::variant<FileOptions, StreamOptions, LiveOptions>;

/// Opens what the options name; `ports` matter to `port_filter` only. A StreamOptions gives a StreamSource,
/// which the caller may static_cast to feed it. @throws CaptureError with what was tried and what to do.
std::unique_ptr<Source> open_source(const SourceOptions& options, const WatchedPorts& ports);

/// Checks a pcap filter expression for Ethernet. @throws CaptureError ERR_CAPTURE_FILTER,
/// ERR_CAPTURE_NO_LIBPCAP.
void check_filter(const std::string& expression);

/// libpcap's version line; nothing where it cannot be opened.
std::optional<std::string> libpcap_version();

}  // namespace packetbeat
