#include "system/clock_state.h"

#ifdef __linux__
#include <sys/timex.h>
#endif

namespace packetbeat {

std::optional<ClockState> clock_state() {
#ifdef __linux__
  timex state{};  // no mode: only asks
  const int result = ::adjtimex(&state);
  if (result < 0) return std::nullopt;
  return ClockState{result != TIME_ERROR && (state.status & STA_UNSYNC) == 0, state.maxerror};
#else
  return std::nullopt;
#endif
}

}  // namespace packetbeat
