// Live capture on Linux through a packet socket: no library needed, one device or all of them.
#pragma once

#include <linux/if_packet.h>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "capture/af_packet_ring.h"
#include "capture/open_source.h"
#include "capture/source.h"

namespace packetbeat {

/// A file descriptor with an owner.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor();
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return number_; }

 private:
  int number_;
};

/// Frames of Ethernet-like devices come whole; those of all others from their network layer on, as raw IP,
/// since the kernel has found it already whatever their headers are. So `any` mixes both, and keeps the MAC
/// addresses that cooked frames would lose.
class AfPacketSource final : public Source {
 public:
  /// @throws CaptureError ERR_CAPTURE_PERMISSION, ERR_CAPTURE_DEVICE_…, ERR_CAPTURE_BUFFER,
  /// ERR_CAPTURE_FILTER, ERR_CAPTURE_NO_LIBPCAP, ERR_CAPTURE_OPEN.
  AfPacketSource(const LiveOptions& options, const WatchedPorts& ports);

  Next next(Frame& frame) override;
  bool live() const override { return true; }
  /// Any thread: reading the kernel's counters clears them, so they are added up under a lock.
  SourceStats stats() const override;

 private:
  bool read(const tpacket3_hdr& header, Frame& frame);
  void wait();

  std::string device_;
  Descriptor socket_;
  int index_;  // of the device, 0 for all
  std::optional<AfPacketRing> ring_;
  int quiet_after_error_ = -1;  // waits since the device was lost; -1: it is there
  std::atomic<uint64_t> unsupported_ = 0;
  mutable std::mutex counting_;
  mutable SourceStats counted_;
};

}  // namespace packetbeat
