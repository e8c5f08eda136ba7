#include "capture/devices.h"

#ifdef _WIN32

#include "capture/libpcap.h"
#include "capture/source.h"

namespace packetbeat {

/// Npcap's own list: only what it calls a device can be captured on, and only it knows the names.
std::vector<Device> devices() {
  constexpr uint32_t loopback = 1, up = 2;
  std::vector<Device> all;
  try {
    const auto& api = Libpcap::get();
    char error[256];
    LibpcapDevice* first = nullptr;
    if (api.findalldevs(&first, error) != 0) return all;
    for (auto entry = first; entry != nullptr; entry = entry->next)
      all.push_back({entry->name,
                     entry->description ? entry->description : "",
                     {},
                     (entry->flags & up) != 0,
                     (entry->flags & loopback) != 0});
    api.freealldevs(first);
  } catch (const CaptureError&) {
    // Without Npcap there is nothing to capture on.
  }
  return all;
}

std::optional<std::string> default_route(Family) {
  return std::nullopt;
}

}  // namespace packetbeat

#endif
