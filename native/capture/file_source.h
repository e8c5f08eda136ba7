// A capture file as a packet source.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

#include "capture/capture_reader.h"
#include "capture/file_input.h"
#include "capture/open_source.h"
#include "capture/pacer.h"

namespace packetbeat {

/// Reads a file `loops` times, or for ever. Each pass begins a second after the last packet of the one
/// before, as if the file had been recorded again and again: with the same times twice, a connection could
/// not be told from late copies of its packets.
class FileSource final : public Source {
 public:
  /// Opens a regular file and tells its format at once; a pipe tells it with its first bytes.
  /// @throws CaptureError ERR_CAPTURE_FILE_…, ERR_CAPTURE_LINK_TYPE.
  explicit FileSource(const FileOptions& options);

  Next next(Frame& frame) override;
  bool live() const override { return pacer_.live(); }
  SourceStats stats() const override;

 private:
  static constexpr Time kNever = INT64_MIN;
  static constexpr uint64_t kEndless = UINT64_MAX;  // no machine lives to see the last of them

  void begin_pass();

  FileInput input_;
  std::string name_;
  uint64_t passes_left_;
  Pacer pacer_;
  std::optional<CaptureReader> reader_;
  Time first_ = kNever, last_ = kNever;  // earliest and latest time of this pass as it was recorded
  Time later_ = 0;                       // how much later this pass is than recorded
  uint64_t unsupported_before_ = 0;      // in earlier passes
  std::atomic<uint64_t> unsupported_ = 0;
};

}  // namespace packetbeat
