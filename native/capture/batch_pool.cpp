#include "capture/batch_pool.h"

#include <algorithm>
#include <utility>

namespace packetbeat {

BatchPool::BatchPool(std::span<uint8_t> memory, BatchGeometry geometry, HandOver hand_over)
    : geometry_(geometry), base_(memory.data()), hand_over_(std::move(hand_over)), lent_(geometry.batches) {
  for (uint32_t batch = geometry.batches; batch-- > 0;) free_.push_back(batch);
}

void BatchPool::push_stream(const Row& row, std::span<const uint8_t> payload) {
  do {
    const auto piece = payload.first(std::min<size_t>(payload.size(), geometry_.payload));
    push(row, piece);
    payload = payload.subspan(piece.size());
  } while (!payload.empty());
}

void BatchPool::align() {
  used_ = std::min((used_ + 7) & ~7u, geometry_.payload);
}

void BatchPool::hand_over() {
  if (row_ == 0) return;
  const uint32_t rows = std::exchange(row_, 0);
  memory_ = nullptr;
  used_ = 0;
  {
    std::lock_guard lock(mutex_);
    lent_[batch_] = true;
    ++counters_.handed_over;
  }
  if (!hand_over_(batch_, rows)) abandon();
}

bool BatchPool::next_batch() {
  hand_over();
  return memory_ != nullptr || acquire();
}

bool BatchPool::acquire() {
  std::unique_lock lock(mutex_);
  if (free_.empty() && !abandoned_) {
    ++counters_.waits;
    released_.wait(lock, [this] { return abandoned_ || !free_.empty(); });
  }
  if (abandoned_) return false;
  batch_ = free_.back();
  free_.pop_back();
  memory_ = base_ + size_t{batch_} * geometry_.batch_bytes();
  return true;
}

void BatchPool::release(uint32_t batch) {
  {
    std::lock_guard lock(mutex_);
    if (batch >= lent_.size() || !lent_[batch]) return;
    lent_[batch] = false;
    free_.push_back(batch);
  }
  released_.notify_one();
}

void BatchPool::abandon() {
  {
    std::lock_guard lock(mutex_);
    abandoned_ = true;
  }
  released_.notify_all();
}

BatchPool::Counters BatchPool::counters() const {
  std::lock_guard lock(mutex_);
  return counters_;
}

}  // namespace packetbeat
