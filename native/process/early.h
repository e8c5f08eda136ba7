// Sees connections begin without delay. A capture's ring hands packets over up to 20 ms late; a socket of a
// short command is gone by then.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "capture/bpf.h"
#include "reassembly/conversation.h"

namespace packetbeat {

/// What a packet that opens a connection says, from its IP header on: SYN, or a datagram. Nothing for any
/// other.
std::optional<Endpoints> parse_opening(std::span<const uint8_t> packet);

/// Lets through TCP packets with SYN and without ACK, and datagrams to these ports, that are no fragments.
BpfProgram opening_filter(const std::vector<uint16_t>& udp_ports);

/// Packet sockets of its own, with the filter above: other packets cost a look at their headers.
class EarlyWatch {
 public:
  static constexpr size_t kPorts = 32;

  EarlyWatch(const std::vector<std::string>& devices, const std::vector<uint16_t>& udp_ports);
  ~EarlyWatch();
  EarlyWatch(const EarlyWatch&) = delete;
  EarlyWatch& operator=(const EarlyWatch&) = delete;

  /// For poll(2). Empty without the right to capture.
  const std::vector<int>& files() const { return files_; }
  /// The next one seen by that socket; nothing when there is none yet.
  std::optional<Endpoints> next(int file);

 private:
  std::vector<int> files_;
};

}  // namespace packetbeat
