#include "capture/af_packet.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "capture/af_packet_socket.h"
#include "capture/live_errors.h"

namespace packetbeat {

namespace {

constexpr int kWaitMilliseconds = 50;
// A lost device's last packets are in a block that the kernel hands over after 20 ms.
constexpr int kLastWaits = 2;
constexpr uint32_t kTagBytes = 4;

}  // namespace

Descriptor::~Descriptor() {
  ::close(number_);
}

AfPacketSource::AfPacketSource(const LiveOptions& options, const WatchedPorts& ports)
    : device_(options.device), socket_(packet_socket(options.device)), index_(device_index(options.device)) {
  attach_filter(socket_.get(), socket_filter(socket_.get(), options, ports));
  ring_.emplace(socket_.get(), options.buffer_bytes, options.snaplen);
  bind_socket(socket_.get(), index_, options);
}

Source::Next AfPacketSource::next(Frame& frame) {
  for (bool waited = false;;) {
    if (auto header = ring_->next()) {
      if (read(*header, frame)) return Next::Frame;
    } else if (waited) {
      return Next::Idle;
    } else {
      wait();
      waited = true;
    }
  }
}

/// False for a frame that is not to be handed on.
bool AfPacketSource::read(const tpacket3_hdr& header, Frame& frame) {
  auto start = reinterpret_cast<const uint8_t*>(&header);
  const auto& from = *reinterpret_cast<const sockaddr_ll*>(start + TPACKET_ALIGN(sizeof header));
  // On the loopback device each packet leaves and arrives; on any other one leaving is all there is of it.
  if (from.sll_hatype == ARPHRD_LOOPBACK && from.sll_pkttype == PACKET_OUTGOING) return false;
  frame.tap = index_ != 0
                  ? 0
                  : make_tap(static_cast<uint32_t>(from.sll_ifindex), from.sll_pkttype == PACKET_OUTGOING);
  frame.time = Time{header.tp_sec} * kSecond + header.tp_nsec;
  uint32_t skipped = 0;
  if (from.sll_hatype == ARPHRD_ETHER || from.sll_hatype == ARPHRD_LOOPBACK) {
    frame.link = Link::Ethernet;
  } else {
    auto protocol = ntohs(from.sll_protocol);
    skipped = std::min<uint32_t>(header.tp_net - header.tp_mac, header.tp_snaplen);
    if (protocol != ETH_P_IP && protocol != ETH_P_IPV6) {
      unsupported_.fetch_add(1, std::memory_order_relaxed);
      return false;
    }
    frame.link = Link::Raw;
  }
  frame.bytes = {start + header.tp_mac + skipped, header.tp_snaplen - skipped};
  frame.wire_length = header.tp_len - skipped;
  frame.vlan.reset();
  if (header.tp_status & TP_STATUS_VLAN_VALID) {
    frame.vlan = static_cast<uint16_t>(header.hv1.tp_vlan_tci);
    frame.vlan_protocol =
        header.tp_status & TP_STATUS_VLAN_TPID_VALID ? header.hv1.tp_vlan_tpid : uint16_t{ETH_P_8021Q};
    frame.wire_length += kTagBytes;
  }
  return true;
}

void AfPacketSource::wait() {
  pollfd waiting{socket_.get(), POLLIN, 0};
  int ready = ::poll(&waiting, 1, kWaitMilliseconds);
  if (quiet_after_error_ >= 0 && (ready <= 0 || !(waiting.revents & POLLIN)) &&
      ++quiet_after_error_ > kLastWaits)
    device_gone(device_);
  if (ready <= 0 || !(waiting.revents & POLLERR)) return;
  int error = 0;
  socklen_t length = sizeof error;
  ::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &length);  // and so clears it
  // A device that is down but still there will come up again, and the kernel then goes on by itself.
  char name[IF_NAMESIZE];
  if (quiet_after_error_ < 0 && index_ != 0 && if_indextoname(static_cast<unsigned>(index_), name) == nullptr)
    quiet_after_error_ = 0;
}

SourceStats AfPacketSource::stats() const {
  std::lock_guard lock(counting_);
  tpacket_stats_v3 kernel{};
  socklen_t length = sizeof kernel;
  if (::getsockopt(socket_.get(), SOL_PACKET, PACKET_STATISTICS, &kernel, &length) == 0) {
    counted_.kernel_packets += kernel.tp_packets;  // the dropped ones among them
    counted_.kernel_dropped += kernel.tp_drops;
    counted_.ring_freezes += kernel.tp_freeze_q_cnt;
  }
  counted_.unsupported = unsupported_.load(std::memory_order_relaxed);
  return counted_;
}

}  // namespace packetbeat
