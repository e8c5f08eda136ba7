// Whether somebody keeps this machine's clock right.
#pragma once

#include <cstdint>
#include <optional>

namespace packetbeat {

struct ClockState {
  bool synchronised;
  // Microseconds: what the kernel takes for the largest possible error.
  int64_t maximum_error;
};

/// As the kernel was told by whoever adjusts it (adjtimex(2)); nothing where that cannot be asked.
std::optional<ClockState> clock_state();

}  // namespace packetbeat
