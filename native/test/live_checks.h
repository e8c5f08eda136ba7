// What the tests of both live engines ask of a source.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "capture/open_source.h"
#include "check.h"

namespace live_checks {

using packetbeat::Frame, packetbeat::LiveOptions, packetbeat::Source, packetbeat::WatchedPorts;

struct Seen {
  Frame frame;
  std::vector<uint8_t> bytes;
};

inline LiveOptions options(const std::string& device, LiveOptions::Engine engine) {
  LiveOptions options;
  options.device = device;
  options.engine = engine;
  options.buffer_bytes = 4 << 20;
  return options;
}

/// Everything that comes until `quiet` calls in a row bring nothing.
inline std::vector<Seen> drain(Source& source, int quiet = 4) {
  std::vector<Seen> all;
  Frame frame;
  for (int idle = 0; idle < quiet;) {
    auto asked = std::chrono::steady_clock::now();
    auto next = source.next(frame);
    CHECK(std::chrono::steady_clock::now() - asked <
          std::chrono::milliseconds(200));  // 50, and a busy machine
    CHECK(next != Source::Next::End);
    if (next == Source::Next::Idle) {
      ++idle;
      continue;
    }
    idle = 0;
    all.push_back({frame, {frame.bytes.begin(), frame.bytes.end()}});
  }
  return all;
}

/// The code of the error that `what` ends with, its message containing `words`; empty without an error.
template <typename What>
std::string code_of(const std::string& words, What what) {
  try {
    what();
  } catch (const packetbeat::CaptureError& error) {
    if (std::string(error.what()).find(words) == std::string::npos)
      std::fprintf(stderr, "says: %s\n", error.what());
    CHECK(std::string(error.what()).find(words) != std::string::npos);
    return error.code();
  }
  return "";
}

}  // namespace live_checks
