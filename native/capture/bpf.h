// Classic BPF: its instructions, and an assembler with labels. Source: bpf(4) of 4.4BSD; Linux, filter.rst.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace packetbeat {

/// One instruction, laid out as the kernel's sock_filter and libpcap's bpf_insn.
struct BpfInstruction {
  uint16_t code;
  uint8_t jt;
  uint8_t jf;
  uint32_t k;
  bool operator==(const BpfInstruction&) const = default;
};

using BpfProgram = std::vector<BpfInstruction>;

/// Longest program that Linux takes (BPF_MAXINSNS).
constexpr size_t kBpfInstructions = 4096;

/// The codes we use or translate. A is the accumulator, X the index register, P the packet.
namespace bpf {
enum Code : uint16_t {
  kLoadWord = 0x20,         // A = P[k], four bytes
  kLoadHalf = 0x28,         // two
  kLoadByte = 0x30,         // one
  kLoadWordIndexed = 0x40,  // A = P[X + k]
  kLoadHalfIndexed = 0x48,
  kLoadByteIndexed = 0x50,
  kLoadX = 0x01,              // X = k
  kLoadXHeaderLength = 0xb1,  // X = 4 * (P[k] & 15)
  kAnd = 0x54,                // A &= k
  kShiftLeft = 0x64,          // A <<= k
  kAdd = 0x04,                // A += k
  kAddX = 0x0c,               // A += X
  kAToX = 0x07,               // X = A
  kXToA = 0x87,               // A = X
  kJump = 0x05,               // by k
  kJumpEqual = 0x15,          // by jt when A == k, else by jf
  kJumpGreater = 0x25,
  kJumpGreaterEqual = 0x35,
  kJumpSet = 0x45,  // A & k
  kReturn = 0x06,   // keep k bytes of the packet
};
}

/// Writes a program from top to bottom. A conditional jump reaches 255 instructions only, so those to a label
/// go through an unconditional one, which reaches everywhere.
class BpfAssembler {
 public:
  /// A place in the program; jumped to before it is placed, because BPF knows no way back.
  class Label {
    friend class BpfAssembler;
    std::vector<size_t> jumps_;
  };

  void add(bpf::Code code, uint32_t k = 0) { program_.push_back({code, 0, 0, k}); }
  void jump(Label& to);
  void jump_if(bpf::Code test, uint32_t k, Label& to);
  /// Keeps `bytes` of the packet if the test holds.
  void return_if(bpf::Code test, uint32_t k, uint32_t bytes);
  /// The same for a value within `[low, high]`.
  void return_within(uint32_t low, uint32_t high, uint32_t bytes);
  /// The label is here.
  void place(Label& label);
  BpfProgram take() { return std::move(program_); }

 private:
  BpfProgram program_;
};

}  // namespace packetbeat
