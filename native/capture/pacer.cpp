#include "capture/pacer.h"

#include <algorithm>
#include <thread>

namespace packetbeat {

void Pacer::restart() {
  held_.reset();
  first_.reset();
}

Source::Next Pacer::wait(CaptureReader& reader, Frame& frame) {
  using std::chrono::nanoseconds, std::chrono::steady_clock, std::chrono::system_clock;
  constexpr nanoseconds longest{50'000'000};
  if (!held_) {
    Frame read;
    if (auto result = reader.next(read); result != Source::Next::Frame) return result;
    held_ = read;
    if (!first_) {
      first_ = read.time;
      start_ = steady_clock::now();
    }
  }
  auto left = nanoseconds(held_->time - *first_) - (steady_clock::now() - start_);
  if (left > nanoseconds::zero()) std::this_thread::sleep_for(std::min<nanoseconds>(left, longest));
  if (left > longest) return Source::Next::Idle;
  frame = *held_;
  held_.reset();
  frame.time = std::chrono::duration_cast<nanoseconds>(system_clock::now().time_since_epoch()).count();
  return Source::Next::Frame;
}

}  // namespace packetbeat
