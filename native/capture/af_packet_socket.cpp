#include "capture/af_packet_socket.h"

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "capture/af_packet_filter.h"
#include "capture/libpcap.h"
#include "capture/live_errors.h"
#include "capture/source.h"

namespace packetbeat {

namespace {

constexpr int kIgnoreOutgoing = 23;  // PACKET_IGNORE_OUTGOING, which the headers of an old build image lack

std::string system_reason() {
  return std::generic_category().message(errno);
}

template <typename Value>
bool set(int socket, int option, const Value& value) {
  return ::setsockopt(socket, SOL_PACKET, option, &value, sizeof value) == 0;
}

ifreq request_for(const std::string& device) {
  ifreq request{};
  device.copy(request.ifr_name, IFNAMSIZ - 1);
  return request;
}

/// True when the device's frames begin with an Ethernet header.
bool ethernet(int socket, const std::string& device) {
  auto request = request_for(device);
  if (::ioctl(socket, SIOCGIFHWADDR, &request) != 0) return false;
  auto hardware = request.ifr_hwaddr.sa_family;
  return hardware == ARPHRD_ETHER || hardware == ARPHRD_LOOPBACK;
}

/// The kernel takes a VLAN tag out of the frame, so a filter for one must be compiled by an open device,
/// which knows.
BpfProgram compile_for_vlans(const LiveOptions& options) {
  const auto& api = Libpcap::get();
  char error[256] = "";
  pcap* handle = api.create(options.device.c_str(), error);
  if (handle == nullptr) cannot_open(options.device, error);
  api.set_snaplen(handle, static_cast<int>(options.snaplen));
  api.set_buffer_size(handle, 1 << 20);
  try {
    if (api.activate(handle) < 0) cannot_open(options.device, api.geterr(handle));
    auto program = compile_filter(*options.filter, handle);
    api.close(handle);
    return program;
  } catch (...) {
    api.close(handle);
    throw;
  }
}

}  // namespace

int device_index(const std::string& device) {
  if (device == "any") return 0;
  auto index = device.size() < IFNAMSIZ ? if_nametoindex(device.c_str()) : 0;
  if (index == 0) device_unknown(device);
  auto request = request_for(device);
  int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  bool down =
      socket >= 0 && ::ioctl(socket, SIOCGIFFLAGS, &request) == 0 && (request.ifr_flags & IFF_UP) == 0;
  if (socket >= 0) ::close(socket);
  if (down) device_down(device);
  return static_cast<int>(index);
}

int packet_socket(const std::string& device) {
  int socket = ::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);  // protocol 0: nothing arrives before bind
  if (socket >= 0) return socket;
  if (errno == EPERM || errno == EACCES) permission_missing(device, system_reason());
  cannot_open(device, system_reason());
}

BpfProgram socket_filter(int socket, const LiveOptions& options, const WatchedPorts& ports) {
  bool whole = options.device != "any" && ethernet(socket, options.device);
  auto link = whole ? Link::Ethernet : Link::Sll;
  BpfProgram program{{bpf::kReturn, 0, 0, options.snaplen}};
  if (options.filter)
    program = whole && options.filter->find("vlan") != std::string::npos
                  ? compile_for_vlans(options)
                  : compile_filter(*options.filter, link, options.snaplen);
  else if (options.port_filter)
    program = port_filter(ports, link, options.vlans, options.snaplen);
  if (!whole) program = cooked_to_socket(std::move(program));
  return options.device == "any" ? without_loopback_copies(program) : program;
}

void attach_filter(int socket, const BpfProgram& program) {
  static_assert(sizeof(BpfInstruction) == sizeof(sock_filter));
  sock_fprog attached{};
  if (program.size() > kBpfInstructions)
    throw CaptureError("ERR_CAPTURE_FILTER", "The filter has " + std::to_string(program.size()) +
                                                 " instructions, and Linux takes 4096; shorten it.");
  attached.len = static_cast<unsigned short>(program.size());
  attached.filter = reinterpret_cast<sock_filter*>(const_cast<BpfInstruction*>(program.data()));
  if (::setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &attached, sizeof attached) != 0)
    throw CaptureError("ERR_CAPTURE_FILTER", "The kernel refused the filter (" + system_reason() +
                                                 "); shorten it, or raise net.core.optmem_max.");
}

void bind_socket(int socket, int index, const LiveOptions& options) {
  // Saves the kernel the second copy; where it is too old for the option (before 4.20) we drop that copy
  // ourselves.
  if (options.device == "lo") set(socket, kIgnoreOutgoing, 1);
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_ALL);
  address.sll_ifindex = index;
  if (::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    if (errno == ENETDOWN) device_down(options.device);
    if (errno == ENODEV) device_unknown(options.device);
    cannot_open(options.device, system_reason());
  }
  if (options.promiscuous && index != 0) {  // with all devices there is none to switch
    packet_mreq membership{};
    membership.mr_ifindex = index;
    membership.mr_type = PACKET_MR_PROMISC;
    if (!set(socket, PACKET_ADD_MEMBERSHIP, membership)) {
      if (errno == EPERM || errno == EACCES) permission_missing(options.device, system_reason());
      cannot_open(options.device, "promiscuous mode: " + system_reason());
    }
  }
  if (options.fanout_group) {
    // Defragmented before hashing, or the later fragments, which have no ports, would go to another worker.
    uint32_t how = PACKET_FANOUT_HASH | PACKET_FANOUT_FLAG_DEFRAG;
    if (!set(socket, PACKET_FANOUT, how << 16 | *options.fanout_group))
      cannot_open(options.device, "fanout group " + std::to_string(*options.fanout_group) + ": " +
                                      system_reason() + "; another program may use that number");
  }
}

}  // namespace packetbeat
