#include "process/early.h"

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "decode/text.h"

namespace packetbeat {
namespace {

constexpr uint32_t kKept = 128;  // both headers, options and all
constexpr int kBufferBytes = 256 << 10;

uint16_t port_at(std::span<const uint8_t> bytes, size_t at) {
  return static_cast<uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

void transport(BpfAssembler& program, BpfAssembler::Label& tcp, BpfAssembler::Label& udp) {
  program.jump_if(bpf::kJumpEqual, kTcp, tcp);
  program.jump_if(bpf::kJumpEqual, kUdp, udp);
  program.add(bpf::kReturn, 0);
}

}  // namespace

std::optional<Endpoints> parse_opening(std::span<const uint8_t> packet) {
  if (packet.size() < 20) return {};
  Endpoints ends;
  Address source, destination;
  size_t header = 0;
  source.version = destination.version = packet[0] >> 4;
  if (source.version == 4) {
    header = size_t{packet[0] & 15u} * 4;
    ends.protocol = packet[9];
    if (header < 20 || (port_at(packet, 6) & 0x3fff) != 0) return {};
    std::memcpy(source.bytes.data(), &packet[12], 4);
    std::memcpy(destination.bytes.data(), &packet[16], 4);
  } else if (source.version == 6 && packet.size() >= 40) {
    header = 40;
    ends.protocol = packet[6];
    std::memcpy(source.bytes.data(), &packet[8], 16);
    std::memcpy(destination.bytes.data(), &packet[24], 16);
  } else {
    return {};
  }
  if (packet.size() < header + (ends.protocol == kTcp ? 14 : 4)) return {};
  if (ends.protocol == kTcp && (packet[header + 13] & (tcp_flag::kSyn | tcp_flag::kAck)) != tcp_flag::kSyn)
    return {};
  if (ends.protocol != kTcp && ends.protocol != kUdp) return {};
  ends.version = source.version;
  ends.source = source.bytes;
  ends.destination = destination.bytes;
  ends.source_port = port_at(packet, header);
  ends.destination_port = port_at(packet, header + 2);
  return ends;
}

BpfProgram opening_filter(const std::vector<uint16_t>& udp_ports) {
  BpfAssembler program;
  BpfAssembler::Label ipv6, tcp4, udp4, tcp6, udp6, ports;
  program.add(bpf::kLoadByte, 0);
  program.add(bpf::kAnd, 0xf0);
  program.jump_if(bpf::kJumpEqual, 0x60, ipv6);
  BpfAssembler::Label ipv4;
  program.jump_if(bpf::kJumpEqual, 0x40, ipv4);
  program.add(bpf::kReturn, 0);
  program.place(ipv4);
  program.add(bpf::kLoadHalf, 6);
  program.return_if(bpf::kJumpSet, 0x3fff, 0);
  program.add(bpf::kLoadXHeaderLength, 0);
  program.add(bpf::kLoadByte, 9);
  transport(program, tcp4, udp4);
  program.place(tcp4);
  program.add(bpf::kLoadByteIndexed, 13);
  program.add(bpf::kAnd, tcp_flag::kSyn | tcp_flag::kAck);
  program.return_if(bpf::kJumpEqual, tcp_flag::kSyn, kKept);
  program.add(bpf::kReturn, 0);
  program.place(udp4);
  program.add(bpf::kLoadHalfIndexed, 2);
  program.jump(ports);
  program.place(ipv6);
  program.add(bpf::kLoadByte, 6);
  transport(program, tcp6, udp6);
  program.place(tcp6);
  program.add(bpf::kLoadByte, 53);
  program.add(bpf::kAnd, tcp_flag::kSyn | tcp_flag::kAck);
  program.return_if(bpf::kJumpEqual, tcp_flag::kSyn, kKept);
  program.add(bpf::kReturn, 0);
  program.place(udp6);
  program.add(bpf::kLoadHalf, 42);
  program.place(ports);
  for (size_t i = 0; i < std::min(udp_ports.size(), EarlyWatch::kPorts); ++i)
    program.return_if(bpf::kJumpEqual, udp_ports[i], kKept);
  program.add(bpf::kReturn, 0);
  return program.take();
}

EarlyWatch::EarlyWatch(const std::vector<std::string>& devices, const std::vector<uint16_t>& udp_ports) {
  const BpfProgram program = opening_filter(udp_ports);
  static_assert(sizeof(BpfInstruction) == sizeof(sock_filter));
  const sock_fprog filter{static_cast<unsigned short>(program.size()),
                          reinterpret_cast<sock_filter*>(const_cast<BpfInstruction*>(program.data()))};
  for (const std::string& device : devices) {
    const unsigned index = device == "any" ? 0 : ::if_nametoindex(device.c_str());
    if (index == 0 && device != "any") continue;
    // Without a protocol it receives nothing until it is bound, by when it has its filter.
    const int file = ::socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (file < 0) return;
    sockaddr_ll place{};
    place.sll_family = AF_PACKET;
    place.sll_protocol = htons(ETH_P_ALL);
    place.sll_ifindex = static_cast<int>(index);
    if (::setsockopt(file, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) == 0 &&
        ::setsockopt(file, SOL_SOCKET, SO_RCVBUF, &kBufferBytes, sizeof kBufferBytes) == 0 &&
        ::bind(file, reinterpret_cast<sockaddr*>(&place), sizeof place) == 0)
      files_.push_back(file);
    else
      ::close(file);
  }
}

EarlyWatch::~EarlyWatch() {
  for (const int file : files_) ::close(file);
}

std::optional<Endpoints> EarlyWatch::next(int file) {
  uint8_t packet[kKept];
  for (int read = 0; read < 16; ++read) {
    const ssize_t length = ::recv(file, packet, sizeof packet, MSG_DONTWAIT);
    if (length <= 0) return {};
    if (const auto ends = parse_opening({packet, static_cast<size_t>(length)})) return ends;
  }
  return {};
}

}  // namespace packetbeat
