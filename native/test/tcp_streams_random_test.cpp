// Random traffic against a model: whatever happens to the packets on their way, what is told is a part of
// what was said, each byte once, in its place, with gaps for the rest.
#include <algorithm>
#include <map>
#include <random>

#include "check.h"
#include "talk.h"

using namespace packetbeat;

namespace {

using Random = std::mt19937;

uint32_t below(Random& random, uint32_t limit) {
  return static_cast<uint32_t>(random() % limit);
}

struct Mishaps {
  bool reorder = false, repeat = false, drop = false, mid_stream = false;
  Conversations::Limits limits{};
};

struct Speaker {
  std::string says;
  uint32_t first = 0;  // sequence number of its first byte
  size_t said = 0;
};

/// A connection that is closed by both sides, as its packets leave: segments overlap where they are sent
/// again.
std::vector<Built> connection(Random& random, Speaker (&speakers)[2], const Mishaps& mishaps) {
  for (Speaker& speaker : speakers) {
    speaker.first = below(random, 4) == 0 ? 0u - below(random, 2000) : static_cast<uint32_t>(random());
    speaker.says.resize(1 + below(random, 4000));
    for (char& byte : speaker.says) byte = static_cast<char>(random());
  }
  std::vector<Built> packets;
  const auto send = [&](unsigned side, std::string_view flags, size_t at, size_t length) {
    const Speaker &own = speakers[side], &other = speakers[1 - side];
    const auto sequence = own.first + static_cast<uint32_t>(at);
    const auto ack = other.first + static_cast<uint32_t>(other.said);
    packets.push_back(tcp(side == 0, flags, sequence, ack, own.says.substr(at, length)));
  };
  if (!mishaps.mid_stream) {
    packets.push_back(tcp(true, "S", speakers[0].first - 1, std::nullopt));
    packets.push_back(tcp(false, "S", speakers[1].first - 1, speakers[0].first));
  }
  while (speakers[0].said < speakers[0].says.size() || speakers[1].said < speakers[1].says.size()) {
    const unsigned side = below(random, 2);
    Speaker& own = speakers[side];
    const size_t length = std::min<size_t>(below(random, 300), own.says.size() - own.said);
    const size_t back =
        mishaps.repeat && below(random, 4) == 0 ? std::min<size_t>(below(random, 400), own.said) : 0;
    send(side, "", own.said - back, back + length);
    own.said += length;
  }
  send(0, "F", speakers[0].said, 0);
  send(1, "F", speakers[1].said, 0);
  return packets;
}

void meet_mishaps(Random& random, std::vector<Built>& packets, const Mishaps& mishaps) {
  const size_t kept =
      mishaps.mid_stream ? 0 : 2;  // the handshake: without it the first bytes may not be known
  for (size_t i = kept; i < packets.size(); ++i) {
    if (mishaps.repeat && below(random, 10) == 0)
      packets.insert(packets.begin() + static_cast<ptrdiff_t>(i), packets[i]);
    if (mishaps.reorder && below(random, 5) == 0)
      std::swap(packets[i], packets[std::min(packets.size() - 1, i + below(random, 6))]);
  }
  if (mishaps.drop)
    for (size_t i = kept; i + 2 < packets.size(); ++i)
      if (below(random, 10) == 0) packets.erase(packets.begin() + static_cast<ptrdiff_t>(i));
}

/// Checks rows against what was said. Returns the bytes that gaps stand for.
size_t compare(const std::vector<Told>& rows, const Speaker (&speakers)[2], bool mid_stream) {
  // Where each direction may stand. In mid-stream that is not known before some bytes were told.
  std::vector<size_t> places[2] = {{0}, {0}};
  for (unsigned side = 0; mid_stream && side < 2; ++side)
    for (size_t place = 1; place <= speakers[side].says.size(); ++place) places[side].push_back(place);
  size_t missing = 0;
  int opens = 0, closes = 0;
  for (const Told& row : rows) {
    const std::string& says = speakers[row.direction].says;
    if (row.kind == RowKind::Open) ++opens;
    if (row.kind == RowKind::Close) ++closes;
    if (row.kind == RowKind::Gap) missing += row.a;
    if (row.kind != RowKind::Data && row.kind != RowKind::Gap) continue;
    std::vector<size_t> next;
    for (const size_t place : places[row.direction])
      if (row.kind == RowKind::Gap)
        next.push_back(place + row.a);
      else if (place <= says.size() && says.compare(place, row.bytes.size(), row.bytes) == 0)
        next.push_back(place + row.bytes.size());
    CHECK(!next.empty());
    places[row.direction] = std::move(next);
  }
  CHECK(opens <= 1 && opens == closes);
  for (unsigned side = 0; side < 2; ++side) CHECK(places[side].front() <= speakers[side].says.size());
  return missing;
}

void survives(const Mishaps& mishaps, int rounds) {
  Random random(20240229);
  for (int round = 0; round < rounds; ++round) {
    Speaker speakers[2];
    auto packets = connection(random, speakers, mishaps);
    meet_mishaps(random, packets, mishaps);
    Capture capture(mishaps.limits);
    std::vector<Told> rows;
    for (Built& packet : packets) {
      capture(packet, below(random, kMillisecond / 10));
      for (Told& row : capture.rows()) rows.push_back(std::move(row));
    }
    capture.wait(kSecond);
    capture.conversations.finish();
    for (Told& row : capture.rows()) rows.push_back(std::move(row));

    const size_t missing = compare(rows, speakers, mishaps.mid_stream);
    CHECK(capture.conversations.streams().held_bytes() == 0);
    CHECK(capture.conversations.open() == 0);
    if (!mishaps.drop && !mishaps.mid_stream && mishaps.limits.tcp.reorder > 100'000) {
      CHECK(missing == 0);
      size_t told = 0;
      for (const Told& row : rows) told += row.kind == RowKind::Data ? row.bytes.size() : 0;
      CHECK(told == speakers[0].says.size() + speakers[1].says.size());
      CHECK(rows.back().kind == RowKind::Close && rows.back().reason == CloseReason::Fin);
    }
  }
}

}  // namespace

int main() {
  survives({}, 300);
  survives({.repeat = true}, 300);
  survives({.reorder = true, .repeat = true}, 1500);
  survives({.reorder = true, .repeat = true, .drop = true}, 1500);
  survives({.reorder = true, .repeat = true, .mid_stream = true}, 500);
  survives({.reorder = true, .repeat = true, .drop = true, .mid_stream = true}, 500);
  survives({.reorder = true, .repeat = true, .drop = true, .limits = {.tcp = {.held = 900, .reorder = 600}}},
           1000);
}
