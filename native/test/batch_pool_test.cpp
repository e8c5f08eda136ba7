#include "capture/batch_pool.h"

#include <queue>
#include <thread>

#include "check.h"
#include "rows.h"

using namespace packetbeat;

namespace {

std::span<const uint8_t> view(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

void a_batch_is_handed_over_when_it_is_full() {
  const BatchGeometry geometry{2, 3, 16};
  std::vector<uint64_t> memory(geometry.total_bytes() / 8);
  std::vector<std::pair<uint32_t, uint32_t>> handed;
  BatchPool pool({reinterpret_cast<uint8_t*>(memory.data()), geometry.total_bytes()}, geometry,
                 [&](uint32_t batch, uint32_t rows) {
                   handed.emplace_back(batch, rows);
                   return true;
                 });
  pool.hand_over();
  CHECK(handed.empty() && !pool.pending());
  for (int i = 0; i < 3; ++i) pool.push({}, view("ab"));
  CHECK(handed.empty() && pool.pending());
  pool.push({}, view("0123456789"));  // no row left
  CHECK((handed == std::vector<std::pair<uint32_t, uint32_t>>{{0, 3}}));
  pool.release(0);
  pool.release(0);                    // twice
  pool.release(99);                   // never lent
  pool.push({}, view("0123456789"));  // no room left
  CHECK(handed.size() == 2 && handed[1] == std::pair(1u, 1u));
  CHECK(pool.counters().handed_over == 2 && pool.counters().waits == 0);
}

void a_stream_is_cut_and_a_float_is_aligned() {
  Reader reader({2, 16, 16});
  const std::string text = "0123456789abcdefghijklmnopqrstuvwxyz!";
  reader.pool.push(Row::make(RowKind::Data, 5), view("abc"));
  reader.pool.push_stream(Row::make(RowKind::Data, 7, 3, 1), view(text));
  std::string joined;
  for (const Told& row : reader.take()) {
    if (row.time == 5) continue;
    CHECK(row.time == 7 && row.conversation == 3 && row.direction == 1);
    joined += row.bytes;
  }
  CHECK(joined == text);

  const BatchGeometry geometry{1, 4, 32};
  std::vector<uint64_t> memory(geometry.total_bytes() / 8);
  auto* bytes = reinterpret_cast<uint8_t*>(memory.data());
  BatchPool pool({bytes, geometry.total_bytes()}, geometry, [](uint32_t, uint32_t) { return true; });
  pool.push({}, view("abc"));
  pool.align();
  pool.push({}, view("12345678"));
  Row row;
  std::memcpy(&row, bytes + sizeof row, sizeof row);
  CHECK(row.offset == 8 && geometry.table_bytes() % 8 == 0);
}

void the_writer_waits_for_a_batch() {
  const BatchGeometry geometry{3, 64, 1 << 10};
  std::vector<uint64_t> memory(geometry.total_bytes() / 8);
  auto* bytes = reinterpret_cast<uint8_t*>(memory.data());
  std::queue<std::pair<uint32_t, uint32_t>> handed;
  std::mutex mutex;
  BatchPool pool({bytes, geometry.total_bytes()}, geometry, [&](uint32_t batch, uint32_t rows) {
    std::lock_guard lock(mutex);
    handed.emplace(batch, rows);
    return true;
  });
  constexpr uint32_t kRows = 20'000;
  std::thread writer([&] {
    for (uint32_t i = 0; i < kRows; ++i) pool.push(Row::make(RowKind::Data, i, i), view("payload"));
    pool.hand_over();
  });
  for (uint32_t next = 0; next < kRows;) {
    std::unique_lock lock(mutex);
    if (handed.empty()) {
      lock.unlock();
      std::this_thread::yield();
      continue;
    }
    const auto [batch, rows] = handed.front();
    handed.pop();
    lock.unlock();
    for (const Told& row : read_rows(bytes + size_t{batch} * geometry.batch_bytes(), geometry, rows))
      CHECK(row.conversation == next++ && row.bytes == "payload");
    pool.release(batch);
  }
  writer.join();
}

void nobody_waits_for_a_reader_who_left() {
  const BatchGeometry geometry{1, 1, 8};
  std::vector<uint64_t> memory(geometry.total_bytes() / 8);
  BatchPool pool({reinterpret_cast<uint8_t*>(memory.data()), geometry.total_bytes()}, geometry,
                 [](uint32_t, uint32_t) { return true; });
  std::thread writer([&] {
    for (int i = 0; i < 100; ++i) pool.push({}, view("x"));
  });
  while (pool.counters().waits == 0) std::this_thread::yield();
  pool.abandon();
  writer.join();
  CHECK(pool.counters().waits == 1);

  BatchPool refused({reinterpret_cast<uint8_t*>(memory.data()), geometry.total_bytes()}, geometry,
                    [](uint32_t, uint32_t) { return false; });
  for (int i = 0; i < 100; ++i) refused.push({}, view("x"));
  CHECK(refused.counters().handed_over == 1);
}

}  // namespace

int main() {
  a_batch_is_handed_over_when_it_is_full();
  a_stream_is_cut_and_a_float_is_aligned();
  the_writer_waits_for_a_batch();
  nobody_waits_for_a_reader_who_left();
}
