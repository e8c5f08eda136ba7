#include "system/device_state.h"

#include "check.h"
#include "system/clock_state.h"

using namespace packetbeat;

int main() {
  CHECK(!device_state("no-such-device"));
  CHECK(!device_state("a-name-that-is-longer-than-any-device-has"));
#ifdef __linux__
  const auto loopback = device_state("lo");
  CHECK(loopback && loopback->mtu > 0);
  CHECK(loopback->ring == 0 && loopback->ring_most == 0);
  CHECK(clock_state());
#endif
}
