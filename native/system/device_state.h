// What a device makes of packets before a capture sees them. Linux; elsewhere nothing is known.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace packetbeat {

struct DeviceState {
  // Bytes of a packet on it, its link header not counted.
  uint32_t mtu;
  // Received segments are joined, by the kernel and by the device.
  bool generic_receive;
  bool large_receive;
  // Sent ones are cut behind the capture, by the kernel and by the device.
  bool generic_send;
  bool tcp_send;
  // Descriptors of the receive ring: those in use, and the most there can be; 0: it has none.
  uint32_t ring;
  uint32_t ring_most;
};

/// Asks the kernel, which needs no permission; nothing for a device that is not there.
std::optional<DeviceState> device_state(const std::string& device);

}  // namespace packetbeat
