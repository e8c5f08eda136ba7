#include "capture/stream_source.h"

namespace packetbeat {

StreamSource::StreamSource(const StreamOptions& options)
    : reader_(queue_, "The capture stream"), pacer_(options.pace) {}

StreamSource::~StreamSource() {
  queue_.close();
}

Source::Next StreamSource::next(Frame& frame) {
  auto result = pacer_.next(reader_, frame);
  if (result != Next::Frame) unsupported_.store(reader_.unsupported(), std::memory_order_relaxed);
  return result;
}

SourceStats StreamSource::stats() const {
  SourceStats stats;
  stats.file_position = queue_.position();
  stats.unsupported = unsupported_.load(std::memory_order_relaxed);
  return stats;
}

}  // namespace packetbeat
