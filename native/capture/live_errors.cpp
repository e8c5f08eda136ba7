#include "capture/live_errors.h"

#include "capture/devices.h"
#include "capture/source.h"

namespace packetbeat {

void device_unknown(const std::string& device) {
  std::string names;
  for (const auto& known : devices()) names += (names.empty() ? "" : ", ") + known.name;
  throw CaptureError(
      "ERR_CAPTURE_DEVICE_UNKNOWN",
      "There is no device \"" + device + "\"; this machine has: " + (names.empty() ? "none" : names) + ".");
}

void device_down(const std::string& device) {
  throw CaptureError("ERR_CAPTURE_DEVICE_DOWN", "Device \"" + device + "\" is down; bring it up first" +
#ifdef __linux__
                                                    ": sudo ip link set " + device + " up");
#elif defined(_WIN32)
                                                    " in the network settings.");
#else
                                                    ": sudo ifconfig " + device + " up");
#endif
}

void device_gone(const std::string& device) {
  throw CaptureError(
      "ERR_CAPTURE_DEVICE_GONE",
      "Device \"" + device +
          "\" disappeared during the capture; start again when it is back, or capture on \"any\".");
}

void permission_missing(const std::string& device, const std::string& reason) {
  throw CaptureError(
      "ERR_CAPTURE_PERMISSION",
      "No permission to capture on \"" + device + "\"" + (reason.empty() ? "" : " (" + reason + ")") +
#if defined(__linux__)
          ": it needs CAP_NET_RAW, and CAP_NET_ADMIN for promiscuous mode; run it with sudo, or once: "
          "sudo setcap cap_net_raw,cap_net_admin+eip $(readlink -f $(which node))");
#elif defined(__APPLE__)
          ": run it with sudo, or make /dev/bpf* readable for this user (Wireshark's ChmodBPF does)");
#else
          ": run it as administrator, or install Npcap without its restriction to administrators");
#endif
}

void buffer_refused(const std::string& reason) {
  throw CaptureError("ERR_CAPTURE_BUFFER", reason);
}

void cannot_open(const std::string& device, const std::string& reason) {
  throw CaptureError("ERR_CAPTURE_OPEN", "Cannot capture on \"" + device + "\": " + reason + ".");
}

}  // namespace packetbeat
