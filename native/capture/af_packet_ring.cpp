#include "capture/af_packet_ring.h"

#include <sys/mman.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <system_error>

#include "capture/live_errors.h"

namespace packetbeat {

namespace {

// Many small blocks come back to the kernel sooner, few large ones cost less; the kernel hands a part-filled
// one over after kRetireMilliseconds, which is the longest that a lone packet waits.
constexpr uint32_t kLargeBlock = 1 << 20, kSmallBlock = 256 << 10;
constexpr uint64_t kLargeRing = 8 << 20;
constexpr uint32_t kRetireMilliseconds = 20;
constexpr uint32_t kFrame = 2048;    // only divides the block; V3 frames are as long as they need
constexpr uint32_t kOverhead = 256;  // headers of a block and of a frame, alignment, room for a link header

}  // namespace

AfPacketRing::AfPacketRing(int socket, uint64_t bytes, uint32_t snaplen) {
  block_bytes_ = bytes >= kLargeRing ? kLargeBlock : kSmallBlock;
  while (block_bytes_ < uint64_t{snaplen} + kOverhead && block_bytes_ < 1u << 30) block_bytes_ *= 2;
  uint64_t blocks = bytes / block_bytes_;
  if (blocks < 2)
    buffer_refused("A capture buffer of " + std::to_string(bytes) + " bytes is too small for packets of " +
                   std::to_string(snaplen) + " bytes; give at least " +
                   std::to_string(2 * uint64_t{block_bytes_}) + ".");
  blocks_ = static_cast<uint32_t>(std::min<uint64_t>(blocks, (uint64_t{1} << 31) / block_bytes_));
  int version = TPACKET_V3;
  tpacket_req3 request{};
  request.tp_block_size = block_bytes_;
  request.tp_block_nr = blocks_;
  request.tp_frame_size = kFrame;
  request.tp_frame_nr = block_bytes_ / kFrame * blocks_;
  request.tp_retire_blk_tov = kRetireMilliseconds;
  void* memory = MAP_FAILED;
  if (::setsockopt(socket, SOL_PACKET, PACKET_VERSION, &version, sizeof version) == 0 &&
      ::setsockopt(socket, SOL_PACKET, PACKET_RX_RING, &request, sizeof request) == 0)
    memory = ::mmap(nullptr, this->bytes(), PROT_READ | PROT_WRITE, MAP_SHARED, socket, 0);
  if (memory == MAP_FAILED)
    buffer_refused("The kernel refused a capture buffer of " + std::to_string(this->bytes()) + " bytes (" +
                   std::generic_category().message(errno) + "); make it smaller.");
  memory_ = static_cast<uint8_t*>(memory);
}

AfPacketRing::~AfPacketRing() {
  ::munmap(memory_, bytes());
}

tpacket_block_desc* AfPacketRing::block() const {
  return reinterpret_cast<tpacket_block_desc*>(memory_ + uint64_t{current_} * block_bytes_);
}

const tpacket3_hdr* AfPacketRing::next() {
  for (;;) {
    if (frames_left_ > 0) {
      --frames_left_;
      auto from = frame_ ? reinterpret_cast<const uint8_t*>(frame_) + frame_->tp_next_offset
                         : reinterpret_cast<const uint8_t*>(block()) + block()->hdr.bh1.offset_to_first_pkt;
      return frame_ = reinterpret_cast<const tpacket3_hdr*>(from);
    }
    // The status word is the lock of a block: acquired with it, released by it.
    if (held_) {
      std::atomic_ref(block()->hdr.bh1.block_status).store(TP_STATUS_KERNEL, std::memory_order_release);
      held_ = false;
      current_ = (current_ + 1) % blocks_;
    }
    if ((std::atomic_ref(block()->hdr.bh1.block_status).load(std::memory_order_acquire) & TP_STATUS_USER) ==
        0)
      return nullptr;
    held_ = true;
    frames_left_ = block()->hdr.bh1.num_pkts;
    frame_ = nullptr;
  }
}

}  // namespace packetbeat
