#include "capture/chunk_queue.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <utility>

namespace packetbeat {

namespace {
constexpr std::chrono::milliseconds kWait{50};
}

void ChunkQueue::push(std::span<const uint8_t> bytes, Taken taken) {
  {
    std::lock_guard lock(mutex_);
    if (!closed_ && !ended_ && !bytes.empty()) {
      chunks_.emplace_back(bytes.begin(), bytes.end());
      queued_ += bytes.size();
      if (queued_ > kRoom) waiting_.push_back(std::exchange(taken, nullptr));
    }
  }
  changed_.notify_one();
  if (taken) taken();
}

void ChunkQueue::end() {
  {
    std::lock_guard lock(mutex_);
    ended_ = true;
  }
  changed_.notify_one();
}

void ChunkQueue::close() {
  std::vector<Taken> waiting;
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
    chunks_.clear();
    first_ = queued_ = 0;
    waiting.swap(waiting_);
  }
  changed_.notify_one();
  for (auto& taken : waiting) taken();
}

std::optional<size_t> ChunkQueue::read(std::span<uint8_t> into) {
  std::vector<Taken> waiting;
  size_t done = 0;
  {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, kWait, [this] { return queued_ > 0 || ended_ || closed_; }))
      return std::nullopt;
    while (done < into.size() && !chunks_.empty()) {
      auto& chunk = chunks_.front();
      auto step = std::min(into.size() - done, chunk.size() - first_);
      std::memcpy(into.data() + done, chunk.data() + first_, step);
      done += step;
      first_ += step;
      if (first_ < chunk.size()) break;
      chunks_.pop_front();
      first_ = 0;
    }
    queued_ -= done;
    if (queued_ <= kRoom) waiting.swap(waiting_);
  }
  for (auto& taken : waiting) taken();
  position_.fetch_add(done, std::memory_order_relaxed);
  return done;
}

}  // namespace packetbeat
