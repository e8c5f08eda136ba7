// How a flow is put into numbers and texts.
#include "reassembly/flow_report.h"

#include "decode/text.h"
#include "reassembly/community_id.h"
#include "reassembly/flow_id.h"
#include "reassembly/flow_table.h"

namespace packetbeat {
namespace {

constexpr size_t kListText = 2 * kAddressText + 1;

/// Layers in the order they are told: IPv4 before IPv6 where the versions differ, as Packetbeat has it, else
/// the outermost first.
std::array<size_t, 2> layer_order(const FlowKey& key) {
  if (key.version[0] == 6 && key.version[1] == 4) return {1, 0};
  return {0, 1};
}

std::string_view addresses(const FlowKey& key, size_t side, std::span<char, kListText> out) {
  char* at = out.data();
  for (size_t i = 0; i < key.ip_layers(); ++i) {
    if (i) *at++ = ',';
    at = write_address(key.address(layer_order(key)[i], side), at);
  }
  return {out.data(), static_cast<size_t>(at - out.data())};
}

std::string_view mac(const FlowKey& key, size_t side, std::span<char, kMacText> out) {
  if (!key.has_macs) return {};
  write_mac(key.mac[side], out.data());
  return {out.data(), out.size()};
}

std::string_view vlans(const FlowKey& key, std::span<char> out) {
  char* at = out.data();
  for (size_t i = 0; i < std::min<size_t>(key.vlan_tags, 2); ++i) {
    if (i) *at++ = ',';
    at = write_decimal(key.vlan[i], at);
  }
  return {out.data(), static_cast<size_t>(at - out.data())};
}

bool is_icmp(uint8_t protocol) {
  return protocol == kIcmp || protocol == kIcmp6;
}

}  // namespace

void FlowTable::report(uint32_t number, bool final, FlowSink& sink) {
  Flow& flow = at(number);
  const FlowKey& key = flow.key;
  size_t from = flow.source, to = from ^ 1;
  FlowReport report;
  using enum FlowColumn;
  auto time = [&report](Time value, FlowColumn seconds, FlowColumn nanoseconds) {
    report[seconds] = static_cast<double>(value / kSecond);
    report[nanoseconds] = static_cast<double>(value % kSecond);
  };
  time(flow.start, StartSeconds, StartNanoseconds);
  time(flow.end, EndSeconds, EndNanoseconds);
  report[Final] = final;
  report[Transport] = key.ip_layers() ? key.protocol : 0;
  report[SourcePort] = key.port[from];
  report[DestinationPort] = key.port[to];
  report[SourceBytes] = static_cast<double>(flow.side[from].bytes);
  report[SourcePackets] = static_cast<double>(flow.side[from].packets);
  report[DestinationBytes] = static_cast<double>(flow.side[to].bytes);
  report[DestinationPackets] = static_cast<double>(flow.side[to].packets);
  const TcpHealth& tcp = flow.tcp;
  report[HandshakeNanoseconds] = tcp.handshake ? static_cast<double>(tcp.handshake) : -1;
  report[SourceRetransmissions] = tcp.side[from].retransmissions;
  report[DestinationRetransmissions] = tcp.side[to].retransmissions;
  report[SourceOutOfOrder] = tcp.side[from].out_of_order;
  report[DestinationOutOfOrder] = tcp.side[to].out_of_order;
  report[SourceZeroWindows] = tcp.side[from].zero_windows;
  report[DestinationZeroWindows] = tcp.side[to].zero_windows;
  report[Resets] = tcp.resets;
  if (lookup_) {
    hear_processes(number);
    const auto& side = processes_[number].side;
    report[SourceProcess] = side[from] ? side[from]->number : 0;
    report[DestinationProcess] = side[to] ? side[to]->number : 0;
  }

  char id[kFlowIdText], macs[2][kMacText], ips[2][kListText], tags[16], community[kCommunityIdText];
  report[FlowText::Id] = flow_id(key, id);
  report[FlowText::SourceMac] = mac(key, from, macs[0]);
  report[FlowText::DestinationMac] = mac(key, to, macs[1]);
  report[FlowText::SourceIps] = addresses(key, from, ips[0]);
  report[FlowText::DestinationIps] = addresses(key, to, ips[1]);
  report[FlowText::Vlans] = vlans(key, tags);
  size_t layer = layer_order(key)[0];
  if (key.has_ports) {
    report[FlowText::CommunityId] = community_id(key.address(layer, from), key.address(layer, to),
                                                 key.protocol, key.port[from], key.port[to], community);
  } else if (is_icmp(key.protocol)) {
    // One flow holds all messages between two hosts; its id is that of the last one.
    size_t sender = flow.icmp_sender;
    report[FlowText::CommunityId] = community_id(key.address(layer, sender), key.address(layer, sender ^ 1),
                                                 key.protocol, flow.icmp_type, flow.icmp_code, community);
  }
  report[FlowText::TcpEnd] = !tcp.closed() ? "" : tcp.resets ? "reset" : "fin";
  sink.report(report);

  if (!options_.delta) return;
  for (Side& side : flow.side) side = {};
  flow.tcp.restart_counts();
}

}  // namespace packetbeat
