#include "process/sock_diag.h"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>

#include <cerrno>
#include <cstring>
#include <random>
#include <vector>

#include "bpf_machine.h"
#include "check.h"
#include "process/early.h"

using namespace packetbeat;

namespace {

using Bytes = std::vector<uint8_t>;

template <typename Body>
Bytes message(uint16_t type, uint32_t sequence, const Body& body) {
  nlmsghdr header{};
  header.nlmsg_len = static_cast<uint32_t>(sizeof header + sizeof body);
  header.nlmsg_type = type;
  header.nlmsg_seq = sequence;
  Bytes bytes(header.nlmsg_len);
  std::memcpy(bytes.data(), &header, sizeof header);
  std::memcpy(bytes.data() + sizeof header, &body, sizeof body);
  return bytes;
}

Bytes socket_message(uint8_t state, uint16_t peer_port) {
  inet_diag_msg body{};
  body.idiag_state = state;
  body.idiag_inode = 4711;
  body.idiag_uid = 33;
  body.id.idiag_dport = peer_port;
  return message(SOCK_DIAG_BY_FAMILY, 5, body);
}

void an_answer_tells_whose_the_socket_is() {
  const auto connected = parse_diag_answer(socket_message(1, 80), 5, kTcp);
  CHECK(connected.kind == DiagAnswer::Kind::Socket && connected.owner.inode == 4711);
  CHECK(connected.owner.uid == 33 && !connected.owner.listens);
  CHECK(parse_diag_answer(socket_message(10, 0), 5, kTcp).owner.listens);
  CHECK(parse_diag_answer(socket_message(7, 0), 5, kUdp).owner.listens);
  CHECK(!parse_diag_answer(socket_message(1, 80), 5, kUdp).owner.listens);
}

void a_refusal_has_its_number() {
  nlmsgerr body{};
  body.error = -ENOENT;
  const auto answer = parse_diag_answer(message(NLMSG_ERROR, 5, body), 5, kTcp);
  CHECK(answer.kind == DiagAnswer::Kind::Error && answer.error == ENOENT);
}

void what_is_no_answer_is_passed_over() {
  const Bytes whole = socket_message(1, 80);
  CHECK(parse_diag_answer(whole, 6, kTcp).kind == DiagAnswer::Kind::Other);
  for (size_t length = 0; length < whole.size(); ++length)
    CHECK(parse_diag_answer(std::span(whole).first(length), 5, kTcp).kind == DiagAnswer::Kind::Other);
  std::mt19937 random(3);
  for (int i = 0; i < 20'000; ++i) {
    Bytes bytes = whole;
    for (int changes = 0; changes < 3; ++changes) bytes[random() % 24] = static_cast<uint8_t>(random());
    bytes.resize(random() % (bytes.size() + 1));
    parse_diag_answer(bytes, 5, kTcp);
  }
}

Bytes ipv4(uint8_t protocol, uint8_t flags, uint16_t port, uint8_t words = 5) {
  Bytes packet(words * 4u + 20u);
  packet[0] = static_cast<uint8_t>(0x40 | words);
  packet[9] = protocol;
  packet[12] = packet[16] = 10;
  packet[15] = 1;
  packet[19] = 2;
  uint8_t* const header = &packet[words * 4u];
  header[0] = 0x12;
  header[1] = 0x34;
  header[2] = static_cast<uint8_t>(port >> 8);
  header[3] = static_cast<uint8_t>(port);
  header[13] = flags;
  return packet;
}

Bytes ipv6(uint8_t protocol, uint8_t flags, uint16_t port) {
  Bytes packet(60);
  packet[0] = 0x60;
  packet[6] = protocol;
  packet[23] = 1;
  packet[39] = 2;
  packet[42] = static_cast<uint8_t>(port >> 8);
  packet[43] = static_cast<uint8_t>(port);
  packet[53] = flags;
  return packet;
}

bool passes(const Bytes& packet) {
  return run_bpf(opening_filter({53, 5353}), packet) != 0;
}

void openings_pass_the_filter_and_nothing_else() {
  constexpr uint8_t kSyn = 2, kSynAck = 0x12, kAck = 0x10;
  CHECK(passes(ipv4(kTcp, kSyn, 80)) && passes(ipv4(kTcp, kSyn | 0xc0, 80, 15)));
  CHECK(!passes(ipv4(kTcp, kSynAck, 80)) && !passes(ipv4(kTcp, kAck, 80)));
  CHECK(passes(ipv4(kUdp, 0, 53)) && passes(ipv4(kUdp, 0, 5353, 6)) && !passes(ipv4(kUdp, 0, 54)));
  CHECK(passes(ipv6(kTcp, kSyn, 80)) && !passes(ipv6(kTcp, kSynAck, 80)));
  CHECK(passes(ipv6(kUdp, 0, 53)) && !passes(ipv6(kUdp, 0, 54)) && !passes(ipv6(kIcmp6, 2, 53)));
  Bytes fragment = ipv4(kUdp, 0, 53);
  fragment[7] = 1;
  CHECK(!passes(fragment) && !parse_opening(fragment));
  CHECK(!passes(Bytes(60)) && !passes({}));
}

void an_opening_tells_its_ends() {
  const auto four = parse_opening(ipv4(kTcp, 2, 443, 8));
  CHECK(four && four->version == 4 && four->protocol == kTcp && four->source[3] == 1 &&
        four->destination[3] == 2);
  CHECK(four->source_port == 0x1234 && four->destination_port == 443);
  const auto six = parse_opening(ipv6(kUdp, 0, 53));
  CHECK(six && six->version == 6 && six->source[15] == 1 && six->destination[15] == 2 &&
        six->destination_port == 53);
  CHECK(!parse_opening(ipv4(kTcp, 0x12, 443)));
}

void hostile_packets_are_no_openings() {
  std::mt19937 random(11);
  for (const Bytes& whole :
       {ipv4(kTcp, 2, 443, 15), ipv4(kUdp, 0, 53), ipv6(kTcp, 2, 1), ipv6(kUdp, 0, 53)}) {
    for (size_t length = 0; length <= whole.size(); ++length) parse_opening(std::span(whole).first(length));
    for (int i = 0; i < 10'000; ++i) {
      Bytes bytes = whole;
      for (int changes = 0; changes < 4; ++changes)
        bytes[random() % bytes.size()] = static_cast<uint8_t>(random());
      bytes.resize(random() % (bytes.size() + 1));
      parse_opening(bytes);
    }
  }
}

}  // namespace

int main() {
  an_answer_tells_whose_the_socket_is();
  a_refusal_has_its_number();
  what_is_no_answer_is_passed_over();
  openings_pass_the_filter_and_nothing_else();
  an_opening_tells_its_ends();
  hostile_packets_are_no_openings();
}
