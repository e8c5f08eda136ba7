// Bytes of a capture file on their way to a reader: a window over an input that may be slow to come.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace packetbeat {

/// Where bytes come from: a file, a pipe, a queue.
class ByteInput {
 public:
  virtual ~ByteInput() = default;
  /// Fills some of `into` (never empty) and tells how much; 0 at the end; nothing when none came for a while.
  virtual std::optional<size_t> read(std::span<uint8_t> into) = 0;
};

/// The unread bytes of an input, as many in one piece as asked for.
class InputBuffer {
 public:
  enum class State { Ready, Waiting, End };

  explicit InputBuffer(ByteInput& input);

  /// Sees to it that `count` bytes can be read at `data()`; moves what is there, so older pointers end here.
  State want(size_t count) { return count <= size() ? State::Ready : fill(count); }
  const uint8_t* data() const { return bytes_.data() + begin_; }
  size_t size() const { return end_ - begin_; }
  /// Moves on by `count` bytes, at most `size()`. What was read stays in place until the next `want`.
  void take(size_t count) { begin_ += count; }
  /// Moves on by `count` bytes, however many, taking off what could be passed over already.
  State skip(uint64_t& count);
  /// Where `data()` is, in bytes from the beginning of the input.
  uint64_t offset() const { return base_ + begin_; }

 private:
  State fill(size_t count);

  ByteInput& input_;
  std::vector<uint8_t> bytes_;
  size_t begin_ = 0, end_ = 0;
  uint64_t base_ = 0;  // of bytes_[0] in the input
  bool ended_ = false;
};

}  // namespace packetbeat
