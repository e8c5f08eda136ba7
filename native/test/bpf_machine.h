// Runs classic BPF over a frame, as the kernel would; knows no ancillary fields.
#pragma once

#include <cstdint>
#include <vector>

#include "capture/bpf.h"
#include "check.h"

/// What the program keeps of `frame`; 0 when it reads past the end. Fails the test when the program is not
/// valid.
inline uint32_t run_bpf(const packetbeat::BpfProgram& program, const std::vector<uint8_t>& frame) {
  namespace bpf = packetbeat::bpf;
  uint32_t a = 0, x = 0;
  for (size_t pc = 0; pc < program.size(); ++pc) {
    auto [code, jt, jf, k] = program[pc];
    uint64_t at = k;
    size_t size = 0;
    switch (code) {
      case bpf::kLoadWordIndexed:
        at += x;
        [[fallthrough]];
      case bpf::kLoadWord:
        size = 4;
        break;
      case bpf::kLoadHalfIndexed:
        at += x;
        [[fallthrough]];
      case bpf::kLoadHalf:
        size = 2;
        break;
      case bpf::kLoadByteIndexed:
        at += x;
        [[fallthrough]];
      case bpf::kLoadByte:
        size = 1;
        break;
      case bpf::kLoadX:
        x = k;
        break;
      case bpf::kLoadXHeaderLength:
        if (k >= frame.size()) return 0;
        x = 4 * (frame[k] & 15);
        break;
      case bpf::kAnd:
        a &= k;
        break;
      case bpf::kShiftLeft:
        a <<= k;
        break;
      case bpf::kAdd:
        a += k;
        break;
      case bpf::kAddX:
        a += x;
        break;
      case bpf::kAToX:
        x = a;
        break;
      case bpf::kXToA:
        a = x;
        break;
      case bpf::kJump:
        pc += k;
        break;
      case bpf::kJumpEqual:
        pc += a == k ? jt : jf;
        break;
      case bpf::kJumpGreater:
        pc += a > k ? jt : jf;
        break;
      case bpf::kJumpGreaterEqual:
        pc += a >= k ? jt : jf;
        break;
      case bpf::kJumpSet:
        pc += a & k ? jt : jf;
        break;
      case bpf::kReturn:
        return k;
      default:
        CHECK(!"unknown instruction");
    }
    if (size == 0) continue;
    if (at + size > frame.size()) return 0;
    a = 0;
    for (size_t i = 0; i < size; ++i) a = a << 8 | frame[at + i];
  }
  CHECK(!"ran past the end");
  return 0;
}
