#include "capture/open_source.h"

#include "capture/file_source.h"
#include "capture/libpcap_source.h"
#include "capture/stream_source.h"

#ifdef __linux__
#include "capture/af_packet.h"
#endif

namespace packetbeat {

namespace {

struct Opener {
  const WatchedPorts& ports;

  std::unique_ptr<Source> operator()(const FileOptions& options) const {
    return std::make_unique<FileSource>(options);
  }
  std::unique_ptr<Source> operator()(const StreamOptions& options) const {
    return std::make_unique<StreamSource>(options);
  }
  std::unique_ptr<Source> operator()(const LiveOptions& options) const {
    if (options.engine == LiveOptions::Engine::Libpcap)
      return std::make_unique<LibpcapSource>(options, ports);
#ifdef __linux__
    return std::make_unique<AfPacketSource>(options, ports);
#else
    throw CaptureError("ERR_CAPTURE_OPEN", "af_packet is of Linux only; set the type to pcap.");
#endif
  }
};

}  // namespace

std::unique_ptr<Source> open_source(const SourceOptions& options, const WatchedPorts& ports) {
  return std::visit(Opener{ports}, options);
}

}  // namespace packetbeat
