#include "reassembly/conversations.h"

#include <sstream>

#include "check.h"
#include "talk.h"

using namespace packetbeat;

namespace {

constexpr bool kToServer = true, kToClient = false;

/// The `open` row among what was told, as "1.2.3.4:5 > 6.7.8.9:10 watch 0 protocol 6".
std::string opened(Capture& capture) {
  for (const Told& row : capture.rows())
    if (row.kind == RowKind::Open) {
      const size_t end = row.bytes.find('\0'), next = row.bytes.find('\0', end + 1);
      CHECK(row.bytes.substr(next + 1, 2) == "1:");
      CHECK(row.b >> 16 == 4);
      std::ostringstream text;
      text << row.bytes.substr(0, end) << ':' << (row.a >> 16) << " > "
           << row.bytes.substr(end + 1, next - end - 1) << ':' << (row.a & 0xffff) << " watch "
           << (row.b & 0xff) << " protocol " << (row.b >> 8 & 0xff);
      return text.str();
    }
  return "";
}

void the_sender_of_the_syn_asks() {
  Capture capture;
  // Both ports are watched, the client's by another protocol.
  capture(tcp(kToServer, "S", 1000, std::nullopt, "", 3306, 80));
  capture(tcp(kToClient, "", 5001, 1001, "hello", 3306, 80));
  CHECK(opened(capture) == "10.0.0.1:3306 > 10.0.0.2:80 watch 0 protocol 6");

  Capture answered;  // its SYN was not captured
  answered(tcp(kToClient, "S", 5000, 1001, "", 3306, 80));
  answered(tcp(kToClient, "", 5001, 1001, "hello", 3306, 80));
  CHECK(opened(answered) == "10.0.0.1:3306 > 10.0.0.2:80 watch 0 protocol 6");
}

void without_a_syn_the_watched_port_answers() {
  Capture capture;
  capture(tcp(kToClient, "", 5001, 1001, "hello"));
  CHECK(opened(capture) == "10.0.0.1:40000 > 10.0.0.2:80 watch 0 protocol 6");

  Capture both;
  both(tcp(kToServer, "", 5001, 1001, "hello", 80, 3306));
  CHECK(opened(both) == "10.0.0.1:80 > 10.0.0.2:3306 watch 3 protocol 6");
}

void where_every_port_is_watched_the_lower_one_answers() {
  const std::vector<Watch> every = {{.tcp = true, .udp = true, .every_port = true}};
  Capture stream({}, every);
  stream(tcp(kToClient, "", 5001, 1001, "hello", 40000, 2000));
  CHECK(opened(stream) == "10.0.0.1:40000 > 10.0.0.2:2000 watch 0 protocol 6");

  Capture datagrams({}, every);
  datagrams(udp(kToClient, "hello", 40000, 2000));
  CHECK(opened(datagrams) == "10.0.0.1:40000 > 10.0.0.2:2000 watch 0 protocol 17");

  Capture equal({}, every);  // whoever is seen first asks
  equal(udp(kToServer, "hello", 500, 500));
  CHECK(opened(equal) == "10.0.0.1:500 > 10.0.0.2:500 watch 0 protocol 17");

  Capture begun({}, every);  // a SYN knows better
  begun(tcp(kToServer, "S", 1000, std::nullopt, "", 700, 2049));
  begun(tcp(kToServer, "", 1001, std::nullopt, "hello", 700, 2049));
  CHECK(opened(begun) == "10.0.0.1:700 > 10.0.0.2:2049 watch 0 protocol 6");
}

void other_ports_are_not_told() {
  Capture capture;
  CHECK(!capture(tcp(kToServer, "S", 1000, std::nullopt, "", 40000, 81)));
  capture(udp(kToServer, "hello", 40000, 80));
  CHECK_TOLD(capture, "");
  CHECK(capture.conversations.counters().opened == 0);
}

void datagrams_between_two_ports_are_one_conversation() {
  Capture capture;
  capture(udp(kToServer, "question"));
  capture(udp(kToClient, "answer"));
  capture(udp(kToServer, "", 40000));
  capture(udp(kToServer, "other", 40001));
  CHECK_TOLD(capture, "open; > question; < answer; > ; open; > other");

  Capture answer_first;
  answer_first(udp(kToClient, "answer"));
  CHECK(opened(answer_first) == "10.0.0.1:40000 > 10.0.0.2:53 watch 1 protocol 17");

  Built cut = udp(kToServer, "quest");
  cut.packet.payload_wire_length = 300;
  capture(cut);
  CHECK(capture.rows().back().a == 300);
}

void an_icmp_reply_meets_its_request() {
  Capture capture;
  capture(icmp(kToServer, 8));
  capture(icmp(kToClient, 0));
  auto rows = capture.rows();
  CHECK(rows.size() == 3 && rows[0].kind == RowKind::Open && rows[0].a == 0 && rows[0].b == (0x040102u));
  CHECK(rows[1].direction == 0 && rows[2].direction == 1);
  capture(icmp(kToServer, 3, 1));
  CHECK(capture.rows().size() == 2);  // of another kind

  Capture reply_first;
  reply_first(icmp(kToClient, 0));
  CHECK(opened(reply_first) == "10.0.0.1:0 > 10.0.0.2:0 watch 2 protocol 1");

  Capture v6;
  v6(icmp(kToServer, 128, 0, kIcmp6));
  v6(icmp(kToClient, 129, 0, kIcmp6));
  CHECK(v6.rows().size() == 3);
}

void a_new_syn_replaces_the_connection() {
  Capture capture;
  CHECK(capture(tcp(kToServer, "S", 1000, std::nullopt)) == 1u);
  CHECK(capture(tcp(kToServer, "", 1001, std::nullopt, "abc")) == 1u);
  CHECK(capture(tcp(kToServer, "S", 1000, std::nullopt)) == 1u);  // the same one again
  CHECK(capture(tcp(kToServer, "S", 9000, std::nullopt)) == 2u);
  CHECK(capture(tcp(kToServer, "", 9001, std::nullopt, "xyz")) == 2u);
  CHECK_TOLD(capture, "open; > abc; close replaced; open; > xyz");

  CHECK(capture(tcp(kToClient, "S", 7000, 333)) == 3u);  // the SYN itself was not captured
  capture(tcp(kToServer, "", 333, 7001, "new"));
  CHECK_TOLD(capture, "close replaced; open; > new");
}

void a_late_syn_belongs_to_its_connection() {
  Capture capture;
  capture(tcp(kToClient, "S", 5000, 1001));
  capture(tcp(kToServer, "S", 1000, std::nullopt));
  capture(tcp(kToServer, "", 1001, 5001, "abc"));
  CHECK_TOLD(capture, "open; > abc");
  CHECK(capture.conversations.counters().opened == 1);
}

void a_connection_begins_anew_after_its_end() {
  Capture capture;
  CHECK(capture(tcp(kToServer, "S", 1000, std::nullopt)) == 1u);
  CHECK(capture(tcp(kToServer, "", 1001, std::nullopt, "abc")) == 1u);
  CHECK(capture(tcp(kToClient, "R", 0, 1001)) == 1u);
  CHECK(capture(tcp(kToServer, "", 1004, std::nullopt, "def")) == 1u);  // a latecomer
  CHECK(capture.conversations.streams().counters().after_reset == 1);
  CHECK(capture(tcp(kToServer, "", 1001, std::nullopt, "abc")) == 1u);  // and a copy
  CHECK(capture.conversations.streams().counters().retransmitted_bytes == 3);
  CHECK(capture.conversations.streams().counters().stray == 0);
  CHECK(capture(tcp(kToServer, "S", 2000, std::nullopt)) == 2u);
  CHECK(capture(tcp(kToServer, "", 2001, std::nullopt, "xyz")) == 2u);
  CHECK_TOLD(capture, "open; > abc; close reset; open; > xyz");
  CHECK(capture(tcp(kToClient, "R", 0, 2004)) == 2u);
  CHECK(capture(tcp(kToServer, "S", 2000, std::nullopt)) == 3u);  // another try
  CHECK(!Capture{}(tcp(kToServer, "R", 1000, std::nullopt)));
}

void late_copies_of_a_connection_open_nothing() {
  Capture capture;
  capture(tcp(kToServer, "S", 1000, std::nullopt));
  capture(tcp(kToClient, "S", 5000, 1001));
  capture(tcp(kToServer, "F", 1001, 5001, "abc"), kMillisecond);
  capture(tcp(kToClient, "F", 5001, 1005, "def"), kMillisecond);
  CHECK_TOLD(capture, "open; > abc; < def; close fin");
  CHECK(capture(tcp(kToServer, "S", 1000, std::nullopt), -kMillisecond) == 1u);
  CHECK(capture(tcp(kToServer, "F", 1001, 5001, "abc"), -kMillisecond) == 1u);
  CHECK(capture(tcp(kToServer, "", 1003, 5001, "c"), kMillisecond) == 1u);
  CHECK_TOLD(capture, "");
  CHECK(capture.conversations.streams().counters().retransmitted_bytes == 4);
  CHECK(capture.conversations.streams().counters().stray == 0);
}

void idle_conversations_close() {
  Capture capture;
  capture(udp(kToServer, "question"));
  capture(tcp(kToServer, "", 1001, std::nullopt, "abc"));
  capture.wait(9 * kSecond);
  capture(udp(kToServer, "again"));
  capture.wait(9 * kSecond);
  CHECK_TOLD(capture, "open; > question; open; > abc; > again");
  capture.wait(3 * kSecond);
  CHECK_TOLD(capture, "close idle");
  capture.wait(20 * kSecond);
  CHECK_TOLD(capture, "close idle");
  CHECK(capture.conversations.open() == 0);
}

void a_packet_after_a_long_pause_opens_anew() {
  Capture capture;
  capture(tcp(kToServer, "", 1001, std::nullopt, "abc"));
  capture.wait(kMillisecond);
  capture(tcp(kToServer, "", 1004, std::nullopt, "def"), 30 * kSecond + kMillisecond);
  CHECK_TOLD(capture, "open; > abc; close idle; open; > def");
  capture(udp(kToServer, "question"));
  capture(udp(kToServer, "question"), 10 * kSecond + 1);
  CHECK_TOLD(capture, "open; > question; close idle; open; > question");
}

void a_full_table_evicts_the_one_idle_longest() {
  Capture capture({.conversations = 3});
  for (const uint16_t port : {1, 2, 3}) capture(udp(kToServer, std::to_string(port), port), 2 * kSecond);
  capture(udp(kToServer, "again", 1), 2 * kSecond);
  CHECK_TOLD(capture, "open; > 1; open; > 2; open; > 3; > again");
  capture(tcp(kToServer, "", 1001, std::nullopt, "abc"));
  const auto rows = capture.rows();
  CHECK(rows.size() == 3 && rows[0].reason == CloseReason::Evicted && rows[0].conversation == 1);
  CHECK(rows[1].kind == RowKind::Open && rows[1].conversation == 1);  // numbers are reused
  CHECK(capture.conversations.counters().evicted == 1);
  CHECK(capture.conversations.open() == 3);
}

void time_that_goes_back_harms_nothing() {
  Capture capture;
  Built late = tcp(kToServer, "", 1001, std::nullopt, "abc");
  capture(late);
  late = tcp(kToServer, "", 1004, std::nullopt, "def");
  late.packet.time = kStart - 3600 * kSecond;
  capture.conversations.add(late.get());
  const auto rows = capture.rows();
  CHECK(rows.size() == 3 && rows[2].time == kStart - 3600 * kSecond);
  CHECK(capture.conversations.open() == 1);
}

void the_end_closes_in_the_order_of_opening() {
  Capture capture;
  for (const uint16_t port : {9, 3, 7}) capture(udp(kToServer, "q", port));
  capture(tcp(kToServer, "", 1, std::nullopt, "abc"));
  capture(udp(kToServer, "q", 9), 2 * kSecond);
  capture.rows();
  capture.conversations.finish();
  const auto rows = capture.rows();
  CHECK(rows.size() == 4);
  for (uint32_t i = 0; i < 4; ++i) CHECK(rows[i].conversation == i && rows[i].reason == CloseReason::End);
}

void whoever_has_heard_enough_is_told_of_the_close_only() {
  Capture capture;
  capture(tcp(kToServer, "S", 1000, std::nullopt));
  capture(tcp(kToServer, "", 1001, 5001, "hello"));
  capture(udp(kToServer, "question"));
  const std::vector<Told> rows = capture.rows();
  CHECK(rows.size() == 4);
  const uint32_t connection = rows[0].conversation, datagrams = rows[2].conversation;
  capture.conversations.enough(connection, 2);  // the number of another's `open` row
  capture.conversations.enough(99'999, 1);      // a conversation that never was
  capture(tcp(kToServer, "", 1006, 5001, "again"));
  CHECK_TOLD(capture, "> again");

  capture.conversations.enough(connection, 1);
  capture.conversations.enough(datagrams, 2);
  capture(tcp(kToServer, "", 1011, 5001, "more"));
  capture(tcp(kToServer, "", 1100, 5001, "behind a hole"));
  capture(udp(kToClient, "answer"));
  capture.wait(15 * kSecond);
  CHECK_TOLD(capture, "close idle");
  capture(tcp(kToServer, "R", 1113, 5001));
  CHECK_TOLD(capture, "close reset");

  // The next ones at these places are new to everybody.
  capture(tcp(kToServer, "S", 9000, std::nullopt));
  capture(tcp(kToServer, "", 9001, 5001, "new"));
  capture(udp(kToServer, "new"));
  CHECK_TOLD(capture, "open; > new; open; > new");
}

void many_conversations_come_and_go() {
  Capture capture;
  uint32_t highest = 0;
  for (uint32_t round = 0; round < 20; ++round) {
    for (uint16_t port = 1; port <= 5000; ++port) {
      if (port == 53) continue;
      capture(udp(kToServer, "q", port), 1000);
      capture(udp(kToClient, "a", port), 1000);
    }
    for (const Told& row : capture.rows()) highest = std::max(highest, row.conversation);
    capture.wait(20 * kSecond);
    CHECK(capture.conversations.open() == 0);
  }
  CHECK(highest < 5000);
  CHECK(capture.conversations.counters().opened == 20 * 4999);
}

}  // namespace

int main() {
  the_sender_of_the_syn_asks();
  without_a_syn_the_watched_port_answers();
  where_every_port_is_watched_the_lower_one_answers();
  other_ports_are_not_told();
  datagrams_between_two_ports_are_one_conversation();
  an_icmp_reply_meets_its_request();
  a_new_syn_replaces_the_connection();
  a_late_syn_belongs_to_its_connection();
  a_connection_begins_anew_after_its_end();
  late_copies_of_a_connection_open_nothing();
  idle_conversations_close();
  a_packet_after_a_long_pause_opens_anew();
  a_full_table_evicts_the_one_idle_longest();
  time_that_goes_back_harms_nothing();
  the_end_closes_in_the_order_of_opening();
  whoever_has_heard_enough_is_told_of_the_close_only();
  many_conversations_come_and_go();
}
