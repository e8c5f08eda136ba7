// Live capture through libpcap: every system that has it, and every device it knows.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "capture/libpcap.h"
#include "capture/open_source.h"
#include "capture/source.h"

namespace packetbeat {

/// Reads without blocking and waits by poll, because pcap_dispatch waits for ever on an idle Linux device.
class LibpcapSource final : public Source {
 public:
  /// @throws CaptureError ERR_CAPTURE_NO_LIBPCAP, ERR_CAPTURE_DEVICE_…, ERR_CAPTURE_PERMISSION,
  /// ERR_CAPTURE_FILTER and ERR_CAPTURE_LINK_TYPE.
  LibpcapSource(const LiveOptions& options, const WatchedPorts& ports);

  Next next(Frame& frame) override;
  bool live() const override { return true; }
  SourceStats stats() const override;

 private:
  void activate(const LiveOptions& options);
  void filter(const LiveOptions& options, const WatchedPorts& ports);
  static bool loopback_copy(const Frame& frame);
  bool wait();
  [[noreturn]] void broken(const std::string& reason) const;
  void count();

  const Libpcap& api_;
  std::string device_;
  std::unique_ptr<pcap, void (*)(pcap*)> handle_;
  Link link_ = Link::Ethernet;
  Time fraction_ = 1000;  // nanoseconds in a unit of the times
  int errors_ = 0;        // told by libpcap in mid-capture
  uint32_t uncounted_ = 0;
  uint32_t received_before_ = 0, dropped_before_ = 0;  // libpcap's counters are 32 bits and wrap
  std::atomic<uint64_t> received_ = 0, dropped_ = 0;
};

}  // namespace packetbeat
