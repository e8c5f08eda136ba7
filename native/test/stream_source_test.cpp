#include "capture/stream_source.h"

#include <atomic>
#include <thread>

#include "capture_bytes.h"
#include "check.h"

using namespace packetbeat;
using capture_bytes::Bytes, capture_bytes::Writer;

namespace {

Bytes file(uint32_t frames, size_t size) {
  Writer out;
  out.pcap_header(0xa1b2c3d4, 1);
  for (uint32_t i = 0; i < frames; ++i) out.pcap_record(i, 0, Bytes(size, static_cast<uint8_t>(i)));
  return out.out;
}

void reads_what_another_thread_feeds() {
  constexpr uint32_t frames = 20000;
  auto bytes = file(frames, 200);
  StreamSource source(StreamOptions{});
  std::atomic<int> untaken = 0;
  std::atomic<bool> held = false;
  std::thread feeder([&] {
    for (size_t at = 0, step = 1; at < bytes.size(); at += step, step = step * 7 % 65521 + 1) {
      while (untaken > 0) {  // as a stream does that honours backpressure
        held = true;
        std::this_thread::yield();
      }
      step = std::min(step, bytes.size() - at);
      ++untaken;
      source.feed(std::span(bytes).subspan(at, step), [&] { --untaken; });
    }
    source.feed_end();
  });
  Frame frame;
  uint32_t seen = 0;
  for (auto next = source.next(frame); next != Source::Next::End; next = source.next(frame)) {
    if (next != Source::Next::Frame) continue;
    CHECK(frame.time == seen * kSecond && frame.bytes.size() == 200 &&
          frame.bytes[199] == static_cast<uint8_t>(seen));
    ++seen;
  }
  feeder.join();
  CHECK(seen == frames && untaken == 0 && source.stats().file_position == bytes.size());
}

void holds_the_feeder_back_when_full() {
  StreamSource source(StreamOptions{});
  auto bytes = file(30, 100'000);
  int taken = 0;
  source.feed(std::span(bytes).first(1000), [&] { ++taken; });
  CHECK(taken == 1);
  source.feed(std::span(bytes).subspan(1000), [&] { ++taken; });
  CHECK(taken == 1);  // more than there is room for
  Frame frame;
  for (int i = 0; i < 28; ++i) CHECK(source.next(frame) == Source::Next::Frame);
  CHECK(taken == 2);
}

void tells_who_waits_when_it_closes() {
  int taken = 0;
  {
    StreamSource source(StreamOptions{});
    Bytes large(3 << 20);
    source.feed(large, [&] { ++taken; });
    CHECK(taken == 0);
    source.close();
    CHECK(taken == 1);
    source.feed(large, [&] { ++taken; });
    CHECK(taken == 2);
  }
  {
    StreamSource source(StreamOptions{});
    source.feed(Bytes(3 << 20), [&] { ++taken; });
  }
  CHECK(taken == 3);
}

void waits_and_then_judges() {
  StreamSource source(StreamOptions{});
  Frame frame;
  CHECK(source.next(frame) == Source::Next::Idle);
  source.feed_end();
  try {
    source.next(frame);
    CHECK(false);
  } catch (const CaptureError& error) {
    CHECK(error.code() == "ERR_CAPTURE_FILE_EMPTY");
  }
}

}  // namespace

int main() {
  reads_what_another_thread_feeds();
  holds_the_feeder_back_when_full();
  tells_who_waits_when_it_closes();
  waits_and_then_judges();
}
