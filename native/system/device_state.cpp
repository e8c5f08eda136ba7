#include "system/device_state.h"

#ifdef __linux__

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace packetbeat {
namespace {

class Ethtool {
 public:
  explicit Ethtool(const std::string& device) : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    device.copy(request_.ifr_name, IFNAMSIZ - 1);
  }
  ~Ethtool() {
    if (socket_ >= 0) ::close(socket_);
  }
  Ethtool(const Ethtool&) = delete;
  Ethtool& operator=(const Ethtool&) = delete;

  /// 0: there is no such device.
  uint32_t mtu() {
    return socket_ >= 0 && ::ioctl(socket_, SIOCGIFMTU, &request_) == 0
               ? static_cast<uint32_t>(request_.ifr_mtu)
               : 0;
  }

  /// False also for what the device's driver cannot tell.
  template <typename Value>
  bool ask(Value& value) {
    request_.ifr_data = reinterpret_cast<char*>(&value);
    return ::ioctl(socket_, SIOCETHTOOL, &request_) == 0;
  }

  uint32_t value(uint32_t command) {
    ethtool_value asked{command, 0};
    return ask(asked) ? asked.data : 0;
  }

 private:
  int socket_;
  ifreq request_{};
};

}  // namespace

std::optional<DeviceState> device_state(const std::string& device) {
  Ethtool ethtool(device);
  const uint32_t mtu = ethtool.mtu();
  if (mtu == 0) return std::nullopt;
  ethtool_ringparam ring{};
  ring.cmd = ETHTOOL_GRINGPARAM;
  const bool has_ring = ethtool.ask(ring);
  return DeviceState{
      .mtu = mtu,
      .generic_receive = ethtool.value(ETHTOOL_GGRO) != 0,
      .large_receive = (ethtool.value(ETHTOOL_GFLAGS) & ETH_FLAG_LRO) != 0,
      .generic_send = ethtool.value(ETHTOOL_GGSO) != 0,
      .tcp_send = ethtool.value(ETHTOOL_GTSO) != 0,
      .ring = has_ring ? ring.rx_pending : 0,
      .ring_most = has_ring ? ring.rx_max_pending : 0,
  };
}

}  // namespace packetbeat

#else

namespace packetbeat {

std::optional<DeviceState> device_state(const std::string&) {
  return std::nullopt;
}

}  // namespace packetbeat

#endif
