// Seeds for hash tables: nobody outside can choose keys that collide.
#pragma once

#include <cstdint>
#include <random>

namespace packetbeat {

inline uint64_t random_seed() {
  std::random_device device;
  return static_cast<uint64_t>(device()) << 32 | device();
}

}  // namespace packetbeat
