#include "reassembly/tcp_streams.h"

#include "check.h"
#include "talk.h"

using namespace packetbeat;

namespace {

constexpr bool kToServer = true, kToClient = false;

/// The client's first byte is 1001, the server's 5001.
void handshake(Capture& capture, uint32_t client = 1000, uint32_t server = 5000) {
  capture(tcp(kToServer, "S", client, std::nullopt));
  capture(tcp(kToClient, "S", server, client + 1));
  capture(tcp(kToServer, "", client + 1, server + 1));
}

void requests_and_answers_arrive_in_order() {
  Capture capture;
  handshake(capture);
  CHECK_TOLD(capture, "");
  capture(tcp(kToServer, "P", 1001, 5001, "GET"));
  capture(tcp(kToClient, "P", 5001, 1004, "200"));
  capture(tcp(kToServer, "", 1004, 5004));
  CHECK_TOLD(capture, "open; > GET; < 200");
  CHECK(capture.conversations.streams().held_bytes() == 0);
}

void swapped_segments_are_put_in_order() {
  Capture capture;
  handshake(capture);
  capture(tcp(kToServer, "", 1004, 5001, "def"));
  capture(tcp(kToServer, "", 1007, 5001, "ghi"));
  CHECK_TOLD(capture, "");
  capture(tcp(kToServer, "", 1001, 5001, "abc"));
  CHECK_TOLD(capture, "open; > abc; > def; > ghi");
  CHECK(capture.conversations.streams().counters().out_of_order == 2);
  CHECK(capture.conversations.streams().held_bytes() == 0);
}

void what_came_before_is_cut_off() {
  Capture capture;
  handshake(capture);
  capture(tcp(kToServer, "", 1001, 5001, "abc"));
  capture(tcp(kToServer, "", 1001, 5001, "abc"));   // again
  capture(tcp(kToServer, "", 1002, 5001, "XXde"));  // half of it again
  capture(tcp(kToServer, "", 1005, 5001, "Z"));     // a keep-alive: the byte before the next
  capture(tcp(kToServer, "", 1005, 5001));          // one without a byte
  CHECK_TOLD(capture, "open; > abc; > de");
  const auto& counters = capture.conversations.streams().counters();
  CHECK(counters.retransmitted_bytes == 3 + 2);
  CHECK(counters.overlaps == 1);
}

void of_two_segments_with_the_same_bytes_the_first_counts() {
  Capture capture;
  handshake(capture);
  capture(tcp(kToServer, "", 1003, 5001, "cd"));
  capture(tcp(kToServer, "", 1007, 5001, "gh"));
  capture(tcp(kToServer, "", 1002, 5001, "XYZUVW"));  // around the first one, into the second
  capture(tcp(kToServer, "", 1001, 5001, "a"));
  CHECK_TOLD(capture, "open; > a; > X; > cd; > UV; > gh");
}

void sequence_numbers_wrap() {
  Capture capture;
  handshake(capture, 0xffff'fffd, 0xffff'ffff);
  capture(tcp(kToServer, "", 1, 0, "def"));
  capture(tcp(kToServer, "", 0xffff'fffe, 0, "abc"));
  capture(tcp(kToServer, "", 0xffff'fffe, 0, "abcdefg"));
  CHECK_TOLD(capture, "open; > abc; > def; > g");
}

void a_hole_is_given_up_after_a_while() {
  Capture capture({.tcp = {.patience = 2 * kSecond}});
  handshake(capture);
  capture(tcp(kToServer, "", 1001, 5001, "abc"));
  capture(tcp(kToServer, "", 1009, 5001, "ijk"));
  capture.wait(kSecond);
  CHECK_TOLD(capture, "open; > abc");
  capture.wait(kSecond);
  CHECK_TOLD(capture, "gap> 5; > ijk");
  capture(tcp(kToServer, "", 1004, 5001, "defgh"));
  CHECK_TOLD(capture, "");  // too late
  CHECK(capture.conversations.streams().counters().gap_bytes == 5);
}

void a_hole_that_the_receiver_does_not_have_is_given_up_soon() {
  Capture capture;
  handshake(capture);
  capture(tcp(kToServer, "", 1001, 5001, "abc"));
  capture(tcp(kToServer, "", 1009, 5001, "ijk"));
  capture(tcp(kToClient, "", 5001, 1012));
  CHECK_TOLD(capture, "open; > abc");
  capture.wait(TcpStreams::kAcknowledged);
  CHECK_TOLD(capture, "gap> 5; > ijk");
}

void an_answer_waits_for_its_request() {
  Capture capture;
  handshake(capture);
  capture(tcp(kToClient, "", 5001, 1004, "200"));
  CHECK_TOLD(capture, "");
  capture(tcp(kToServer, "", 1001, 5001, "GET"));
  CHECK_TOLD(capture, "open; > GET; < 200");
  const auto rows = capture.rows();

  capture(tcp(kToClient, "", 5004, 1010, "304"));  // its request is lost
  capture(tcp(kToClient, "", 5007, 1010, "!"));
  CHECK_TOLD(capture, "");
  capture.wait(TcpStreams::kAcknowledged);
  CHECK_TOLD(capture, "gap> 6; < 304; < !");
  CHECK(capture.conversations.streams().held_bytes() == 0);
}

void an_answer_waits_for_the_missing_middle_of_its_request() {
  Capture capture;
  handshake(capture);
  capture(tcp(kToServer, "", 1001, 5001, "G"));
  capture(tcp(kToServer, "", 1003, 5001, "T"));
  capture(tcp(kToClient, "", 5001, 1004, "200"));
  capture(tcp(kToServer, "", 1002, 5001, "E"));
  CHECK_TOLD(capture, "open; > G; > E; > T; < 200");
  capture(tcp(kToServer, "", 1004, 5004, "P"));
  capture(tcp(kToServer, "", 1006, 5004, "S"));
  capture(tcp(kToClient, "", 5004, 1008, "201"));
  capture.wait(kSecond);
  CHECK_TOLD(capture, "> P; gap> 1; > S; gap> 1; < 201");
}

void sides_that_wait_for_each_other_are_let_go() {
  Capture capture;
  handshake(capture);
  capture(tcp(kToClient, "", 5001, 1004, "200"));
  capture(tcp(kToServer, "", 1001, 5004, "GET"));  // sent again, after the answer had come
  capture.wait(kSecond);
  CHECK_TOLD(capture, "open; < 200; > GET");
}

void a_mid_stream_start_takes_what_it_sees_first() {
  Capture capture;
  capture(tcp(kToServer, "", 700, 900, "abc"));
  capture(tcp(kToServer, "", 690, 900, "0123456789"));  // older
  capture(tcp(kToClient, "", 900, 703, "xyz"));
  CHECK_TOLD(capture, "open; > abc; < xyz");

  Capture quiet;
  quiet(tcp(kToServer, "", 699, 900));  // a keep-alive
  quiet(tcp(kToServer, "", 700, 900, "abc"));
  CHECK_TOLD(quiet, "open; > abc");

  Capture answered;
  answered(tcp(kToServer, "", 699, 900));
  answered(tcp(kToClient, "", 900, 700));
  answered(tcp(kToServer, "", 700, 900, "abc"));
  answered(tcp(kToClient, "", 900, 703, "xyz"));
  CHECK_TOLD(answered, "open; > abc; < xyz");
}

void data_may_come_with_the_syn() {
  Capture capture;
  capture(tcp(kToServer, "S", 1000, std::nullopt, "GET"));
  capture(tcp(kToServer, "S", 1000, std::nullopt, "GET"));
  capture(tcp(kToClient, "S", 5000, 1004));
  capture(tcp(kToServer, "", 1004, 5001, "/"));
  CHECK_TOLD(capture, "open; > GET; > /");
}

void both_fins_close() {
  Capture capture;
  handshake(capture);
  capture(tcp(kToServer, "F", 1001, 5001, "GET"));
  capture(tcp(kToClient, "", 5001, 1005, "200"));
  CHECK_TOLD(capture, "open; > GET; < 200");
  capture(tcp(kToClient, "F", 5004, 1005));
  CHECK_TOLD(capture, "close fin");
  capture(tcp(kToServer, "", 1005, 5005));
  capture(tcp(kToClient, "F", 5004, 1005));
  capture(tcp(kToClient, "", 5001, 1005, "200"));
  CHECK_TOLD(capture, "");
  CHECK(capture.conversations.counters().opened == 1 && capture.conversations.open() == 0);
}

void a_fin_waits_for_the_bytes_before_it() {
  Capture capture;
  handshake(capture);
  capture(tcp(kToClient, "F", 5001, 1001));
  capture(tcp(kToServer, "F", 1004, 5002));
  CHECK_TOLD(capture, "");
  capture(tcp(kToServer, "", 1001, 5002, "abc"));
  CHECK_TOLD(capture, "open; > abc; close fin");

  Capture lossy;
  handshake(lossy);
  lossy(tcp(kToClient, "F", 5001, 1001));
  lossy(tcp(kToServer, "F", 1004, 5002));
  lossy.wait(5 * kSecond);
  CHECK_TOLD(lossy, "open; gap> 3; close fin");
}

void bytes_behind_a_fin_are_stray() {
  Capture capture;
  handshake(capture);
  capture(tcp(kToServer, "F", 1001, 5001, "abc"));
  capture(tcp(kToServer, "", 1004, 5001, "XYZ"));
  capture(tcp(kToServer, "", 1104, 5001, "XYZ"));
  capture(tcp(kToServer, "", 1002, 5001, "bcX"));
  capture(tcp(kToServer, "F", 1001, 5001, "abc"));  // its ACK was lost: it comes again
  CHECK_TOLD(capture, "open; > abc");
  CHECK(capture.conversations.streams().counters().stray == 3);
  CHECK(capture.conversations.streams().counters().retransmitted_bytes == 3);

  Capture reordered;
  handshake(reordered);
  reordered(tcp(kToServer, "", 1005, 5001, "XYZ"));
  reordered(tcp(kToServer, "F", 1004, 5001));
  reordered(tcp(kToServer, "", 1001, 5001, "abcd"));
  CHECK_TOLD(reordered, "open; > abcd");
  CHECK(reordered.conversations.streams().held_bytes() == 0);
}

void a_reset_closes_at_once_behind_what_is_held() {
  Capture capture;
  handshake(capture);
  capture(tcp(kToServer, "", 1001, 5001, "abc"));
  capture(tcp(kToServer, "", 1006, 5001, "fgh"));
  capture(tcp(kToServer, "R", 1009, std::nullopt));
  CHECK_TOLD(capture, "open; > abc; gap> 2; > fgh; close reset");
  capture(tcp(kToClient, "", 5001, 1009, "late"));
  CHECK_TOLD(capture, "");

  Capture blind;
  handshake(blind);
  blind(tcp(kToServer, "R", 0x7000'0000, std::nullopt));
  blind(tcp(kToServer, "", 1001, 5001, "abc"));
  CHECK_TOLD(blind, "open; > abc");
}

void a_cut_segment_is_data_and_a_gap() {
  Capture capture;
  handshake(capture);
  Built cut = tcp(kToServer, "", 1001, 5001, "abc");
  cut.packet.payload_wire_length = 10;
  capture(cut);
  capture(tcp(kToServer, "", 1011, 5001, "klm"));
  CHECK_TOLD(capture, "open; > abc; gap> 7; > klm");

  Built header_only = tcp(kToServer, "", 1020, 5001);
  header_only.packet.payload_wire_length = 4;
  capture(header_only);
  capture(tcp(kToServer, "", 1014, 5001, "nopqrs"));
  CHECK_TOLD(capture, "> nopqrs; gap> 4");
}

void the_room_of_a_direction_is_limited() {
  Capture capture({.tcp = {.reorder = 3 * (ReorderBuffer::kOverhead + 10)}});
  handshake(capture);
  for (uint32_t i = 1; i <= 4; ++i) capture(tcp(kToServer, "", 1001 + i * 20, 5001, std::string(10, 'x')));
  CHECK_TOLD(capture, "open; gap> 20; > xxxxxxxxxx");
}

void the_budget_sheds_what_was_held_first() {
  Capture capture({.tcp = {.held = 2 * (ReorderBuffer::kOverhead + 3)}});
  for (const uint16_t port : {1, 2, 3}) {
    capture(tcp(kToServer, "S", 1000, std::nullopt, "", port));
    capture(tcp(kToServer, "", 1003, 5001, std::to_string(port) + "bc", port));
  }
  CHECK_TOLD(capture, "open; gap> 2; > 1bc");
  CHECK(capture.conversations.streams().counters().shed_bytes == ReorderBuffer::kOverhead + 3);
  capture.conversations.finish();
  CHECK_TOLD(capture, "close end; open; gap> 2; > 2bc; close end; open; gap> 2; > 3bc; close end");
}

}  // namespace

int main() {
  requests_and_answers_arrive_in_order();
  swapped_segments_are_put_in_order();
  what_came_before_is_cut_off();
  of_two_segments_with_the_same_bytes_the_first_counts();
  sequence_numbers_wrap();
  a_hole_is_given_up_after_a_while();
  a_hole_that_the_receiver_does_not_have_is_given_up_soon();
  an_answer_waits_for_its_request();
  an_answer_waits_for_the_missing_middle_of_its_request();
  sides_that_wait_for_each_other_are_let_go();
  a_mid_stream_start_takes_what_it_sees_first();
  data_may_come_with_the_syn();
  both_fins_close();
  a_fin_waits_for_the_bytes_before_it();
  bytes_behind_a_fin_are_stray();
  a_reset_closes_at_once_behind_what_is_held();
  a_cut_segment_is_data_and_a_gap();
  the_room_of_a_direction_is_limited();
  the_budget_sheds_what_was_held_first();
}
