// What a flow tells when it is reported: the numbers and texts of a `flow` row, in the order of binding.d.ts.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace packetbeat {

enum class FlowColumn : uint8_t {
  StartSeconds,
  StartNanoseconds,
  EndSeconds,
  EndNanoseconds,
  Final,
  Transport,
  SourcePort,
  DestinationPort,
  SourceBytes,
  SourcePackets,
  DestinationBytes,
  DestinationPackets,
  HandshakeNanoseconds,
  SourceRetransmissions,
  DestinationRetransmissions,
  SourceOutOfOrder,
  DestinationOutOfOrder,
  SourceZeroWindows,
  DestinationZeroWindows,
  Resets,
  SourceProcess,
  DestinationProcess,
};
constexpr size_t kFlowColumns = 22;

/// The names JavaScript knows the columns by.
constexpr std::array<std::string_view, kFlowColumns> kFlowColumnNames = {"startSeconds",
                                                                         "startNanoseconds",
                                                                         "endSeconds",
                                                                         "endNanoseconds",
                                                                         "final",
                                                                         "transport",
                                                                         "sourcePort",
                                                                         "destinationPort",
                                                                         "sourceBytes",
                                                                         "sourcePackets",
                                                                         "destinationBytes",
                                                                         "destinationPackets",
                                                                         "handshakeNanoseconds",
                                                                         "sourceRetransmissions",
                                                                         "destinationRetransmissions",
                                                                         "sourceOutOfOrder",
                                                                         "destinationOutOfOrder",
                                                                         "sourceZeroWindows",
                                                                         "destinationZeroWindows",
                                                                         "resets",
                                                                         "sourceProcess",
                                                                         "destinationProcess"};

enum class FlowText : uint8_t {
  Id,
  SourceMac,
  DestinationMac,
  SourceIps,
  DestinationIps,
  Vlans,
  CommunityId,
  TcpEnd
};
constexpr size_t kFlowTexts = 8;

constexpr std::array<std::string_view, kFlowTexts> kFlowTextNames = {
    "id", "sourceMac", "destinationMac", "sourceIps", "destinationIps", "vlans", "communityId", "tcpEnd"};

struct FlowReport {
  std::array<double, kFlowColumns> columns{};
  /// Views into the flow table, valid during `FlowSink::report`.
  std::array<std::string_view, kFlowTexts> texts{};

  double& operator[](FlowColumn column) { return columns[static_cast<size_t>(column)]; }
  double operator[](FlowColumn column) const { return columns[static_cast<size_t>(column)]; }
  std::string_view& operator[](FlowText text) { return texts[static_cast<size_t>(text)]; }
  std::string_view operator[](FlowText text) const { return texts[static_cast<size_t>(text)]; }
};

/// Takes the reports, in the thread that called the table.
class FlowSink {
 public:
  virtual ~FlowSink() = default;
  virtual void report(const FlowReport& report) = 0;
};

}  // namespace packetbeat
