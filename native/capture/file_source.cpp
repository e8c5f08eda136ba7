#include "capture/file_source.h"

namespace packetbeat {

FileSource::FileSource(const FileOptions& options)
    : input_(options.path),
      name_('"' + options.path + '"'),
      passes_left_(options.loops == 0 ? kEndless : options.loops),
      pacer_(options.pace) {
  if (passes_left_ > 1 && !input_.regular())
    throw CaptureError(
        "ERR_CAPTURE_FILE_UNREADABLE",
        name_ + " is no regular file and can be read once only; leave out the number of loops.");
  begin_pass();
  if (input_.regular()) reader_->open();
}

void FileSource::begin_pass() {
  --passes_left_;
  reader_.emplace(input_, name_);
  pacer_.restart();
}

Source::Next FileSource::next(Frame& frame) {
  auto result = pacer_.next(*reader_, frame);
  if (result == Next::Frame) {
    if (!pacer_.live()) {
      if (first_ == kNever || frame.time < first_) first_ = frame.time;
      if (last_ == kNever || frame.time > last_) last_ = frame.time;
      frame.time += later_;
    }
    return result;
  }
  unsupported_.store(unsupported_before_ + reader_->unsupported(), std::memory_order_relaxed);
  if (result != Next::End || passes_left_ == 0) return result;
  unsupported_before_ = unsupported_;
  if (first_ != kNever) later_ += last_ - first_ + kSecond;
  input_.rewind();
  begin_pass();
  return Next::Idle;  // not the next frame: a file without any, looped for ever, must not keep its caller
}

SourceStats FileSource::stats() const {
  SourceStats stats;
  stats.file_bytes = input_.size();
  stats.file_position = input_.position();
  stats.unsupported = unsupported_.load(std::memory_order_relaxed);
  return stats;
}

}  // namespace packetbeat
