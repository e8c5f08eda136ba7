#include "capture/bpf.h"

namespace packetbeat {

void BpfAssembler::jump(Label& to) {
  to.jumps_.push_back(program_.size());
  add(bpf::kJump);
}

void BpfAssembler::jump_if(bpf::Code test, uint32_t k, Label& to) {
  program_.push_back({test, 0, 1, k});
  jump(to);
}

void BpfAssembler::return_if(bpf::Code test, uint32_t k, uint32_t bytes) {
  program_.push_back({test, 0, 1, k});
  add(bpf::kReturn, bytes);
}

void BpfAssembler::return_within(uint32_t low, uint32_t high, uint32_t bytes) {
  if (low == high) return return_if(bpf::kJumpEqual, low, bytes);
  program_.push_back({bpf::kJumpGreaterEqual, 0, 2, low});
  program_.push_back({bpf::kJumpGreater, 1, 0, high});
  add(bpf::kReturn, bytes);
}

void BpfAssembler::place(Label& label) {
  for (auto jump : label.jumps_) program_[jump].k = static_cast<uint32_t>(program_.size() - jump - 1);
}

}  // namespace packetbeat
