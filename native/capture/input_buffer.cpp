#include "capture/input_buffer.h"

#include <algorithm>
#include <cstring>

namespace packetbeat {

namespace {
// Fits the second-level cache, so that the reader finds warm what the kernel has just copied.
constexpr size_t kWindow = 256 << 10;
}  // namespace

InputBuffer::InputBuffer(ByteInput& input) : input_(input), bytes_(kWindow) {}

InputBuffer::State InputBuffer::fill(size_t count) {
  if (begin_ > 0) {
    std::memmove(bytes_.data(), data(), size());
    base_ += begin_;
    end_ -= begin_;
    begin_ = 0;
  }
  if (count > bytes_.size()) bytes_.resize(count);
  while (size() < count) {
    if (ended_) return State::End;
    auto got = input_.read(std::span(bytes_).subspan(end_));
    if (!got) return State::Waiting;
    end_ += *got;
    ended_ = *got == 0;
  }
  return State::Ready;
}

InputBuffer::State InputBuffer::skip(uint64_t& count) {
  while (count > 0) {
    if (size() == 0)
      if (auto state = fill(1); state != State::Ready) return state;
    auto step = static_cast<size_t>(std::min<uint64_t>(count, size()));
    take(step);
    count -= step;
  }
  return State::Ready;
}

}  // namespace packetbeat
