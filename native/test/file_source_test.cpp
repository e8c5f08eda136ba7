#include "capture/file_source.h"

#include <sys/stat.h>

#include <chrono>
#include <thread>

#include "capture_bytes.h"
#include "check.h"

using namespace packetbeat;
using capture_bytes::Bytes, capture_bytes::TemporaryFile, capture_bytes::Writer;
using std::chrono::milliseconds, std::chrono::steady_clock, std::chrono::system_clock;

namespace {

Writer file_with(std::initializer_list<uint32_t> milliseconds_of_frames) {
  Writer file;
  file.pcap_header(0xa1b2c3d4, 1);
  for (auto ms : milliseconds_of_frames) file.pcap_record(100, ms * 1000, Bytes(60));
  return file;
}

std::string code_of(const std::string& path, uint32_t loops = 1) {
  try {
    FileSource source({path, loops});
  } catch (const CaptureError& error) {
    CHECK(std::string(error.what()).find(path) != std::string::npos);
    return error.code();
  }
  return "";
}

void reads_each_pass_a_second_after_the_one_before() {
  TemporaryFile file(file_with({1, 2}).out);
  FileSource source({file.path, 3});
  CHECK(!source.live());
  std::vector<Time> times;
  Frame frame;
  for (auto next = source.next(frame); next != Source::Next::End; next = source.next(frame))
    if (next == Source::Next::Frame) times.push_back(frame.time - 100 * kSecond);
  CHECK((times == std::vector<Time>{1'000'000, 2'000'000, 1'002'000'000, 1'003'000'000, 2'003'000'000,
                                    2'004'000'000}));
  CHECK(source.stats().file_bytes == 24 + 2 * 76 && source.stats().file_position == 24 + 2 * 76);
}

void comes_back_between_passes_of_an_empty_capture() {
  TemporaryFile file(file_with({}).out);
  FileSource source({file.path, UINT32_MAX});
  Frame frame;
  for (int i = 0; i < 3; ++i) CHECK(source.next(frame) == Source::Next::Idle);
}

void keeps_the_recorded_pace() {
  TemporaryFile file(file_with({0, 30, 230}).out);
  FileSource source({file.path, 1, Pace::Recorded});
  CHECK(source.live());
  auto start = steady_clock::now();
  std::vector<milliseconds> at;
  int idle = 0;
  Frame frame;
  for (;;) {
    auto asked = steady_clock::now();
    auto next = source.next(frame);
    CHECK(steady_clock::now() - asked < milliseconds(150));  // 50, and a busy machine
    if (next == Source::Next::End) break;
    if (next == Source::Next::Idle) {
      ++idle;
      continue;
    }
    at.push_back(std::chrono::duration_cast<milliseconds>(steady_clock::now() - start));
    auto age = system_clock::now().time_since_epoch() - std::chrono::nanoseconds(frame.time);
    CHECK(age >= milliseconds(0) && age < milliseconds(100));
  }
  CHECK(at.size() == 3 && at[0] < milliseconds(30) && at[1] >= milliseconds(30) &&
        at[2] >= milliseconds(230));
  CHECK(idle >= 2);
}

void says_why_a_file_cannot_be_read() {
  CHECK(code_of("/nowhere/at/all.pcap") == "ERR_CAPTURE_FILE_NOT_FOUND");
  CHECK(code_of(std::filesystem::temp_directory_path()) == "ERR_CAPTURE_FILE_UNREADABLE");
  TemporaryFile file;
  CHECK(code_of(file.path) == "ERR_CAPTURE_FILE_EMPTY");
  file.write({'h', 'e', 'l', 'l', 'o'});
  CHECK(code_of(file.path) == "ERR_CAPTURE_FILE_FORMAT");
  if (::geteuid() != 0) {
    ::chmod(file.path.c_str(), 0);
    CHECK(code_of(file.path) == "ERR_CAPTURE_FILE_UNREADABLE");
  }
}

void reads_for_ever() {
  TemporaryFile file(file_with({1}).out);
  FileSource source({file.path, 0});
  Frame frame;
  for (int i = 0; i < 1000; ++i) {
    CHECK(source.next(frame) == Source::Next::Frame);
    CHECK(source.next(frame) == Source::Next::Idle);
  }
}

void survives_a_file_that_shrinks() {
  Writer large = file_with({});
  for (uint32_t i = 0; i < 20000; ++i) large.pcap_record(i, 0, Bytes(100));
  TemporaryFile file(large.out);
  FileSource source({file.path});
  Frame frame;
  CHECK(source.next(frame) == Source::Next::Frame);
  std::filesystem::resize_file(file.path, 1'000'000);
  try {
    while (source.next(frame) != Source::Next::End) {
    }
    CHECK(false);
  } catch (const CaptureError& error) {
    CHECK(error.code() == "ERR_CAPTURE_FILE_TRUNCATED");
  }
}

void reads_a_pipe_that_nobody_writes_to_yet() {
  TemporaryFile place;
  std::filesystem::remove(place.path);
  CHECK(::mkfifo(place.path.c_str(), 0600) == 0);
  CHECK(code_of(place.path, 2) == "ERR_CAPTURE_FILE_UNREADABLE");
  FileSource source({place.path});
  Frame frame;
  CHECK(source.next(frame) == Source::Next::Idle);
  std::thread writer([&] { place.write(file_with({1, 2, 3}).out); });
  int frames = 0;
  for (auto next = source.next(frame); next != Source::Next::End; next = source.next(frame))
    frames += next == Source::Next::Frame;
  writer.join();
  CHECK(frames == 3);
}

}  // namespace

int main() {
  reads_each_pass_a_second_after_the_one_before();
  comes_back_between_passes_of_an_empty_capture();
  reads_for_ever();
  keeps_the_recorded_pace();
  says_why_a_file_cannot_be_read();
  survives_a_file_that_shrinks();
  reads_a_pipe_that_nobody_writes_to_yet();
}
