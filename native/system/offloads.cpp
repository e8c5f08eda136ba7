#include "system/offloads.h"

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

  bool present() { return socket_ >= 0 && ::ioctl(socket_, SIOCGIFFLAGS, &request_) == 0; }

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

std::optional<Offloads> offloads(const std::string& device) {
  Ethtool ethtool(device);
  if (!ethtool.present()) return std::nullopt;
  ethtool_ringparam ring{};
  ring.cmd = ETHTOOL_GRINGPARAM;
  const bool has_ring = ethtool.ask(ring);
  return Offloads{
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

std::optional<Offloads> offloads(const std::string&) {
  return std::nullopt;
}

}  // namespace packetbeat

#endif
