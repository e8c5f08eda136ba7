// What both live engines say when a device cannot be captured on.
#pragma once

#include <string>

namespace packetbeat {

/// Each throws CaptureError with the code of its name (ERR_CAPTURE_DEVICE_UNKNOWN …) and what to do.
/// `reason` is what the system said, if it said more than the code does.
[[noreturn]] void device_unknown(const std::string& device);
[[noreturn]] void device_down(const std::string& device);
[[noreturn]] void device_gone(const std::string& device);
[[noreturn]] void permission_missing(const std::string& device, const std::string& reason);
[[noreturn]] void buffer_refused(const std::string& reason);
/// ERR_CAPTURE_OPEN: anything else.
[[noreturn]] void cannot_open(const std::string& device, const std::string& reason);

}  // namespace packetbeat
