// Handshakes, retransmissions, reordering and what looks like them.
#include "reassembly/tcp_health.h"

#include "check.h"

using namespace packetbeat;
using namespace packetbeat::tcp_flag;

namespace {

constexpr Time kMillisecond = 1'000'000;

struct Connection {
  TcpHealth health{};
  void segment(unsigned sender, double milliseconds, uint8_t flags, uint32_t sequence, uint32_t length = 0,
               uint32_t acknowledgement = 0, uint16_t window = 1000) {
    Packet packet;
    packet.time = kSecond + static_cast<Time>(milliseconds * kMillisecond);
    packet.tcp_flags = flags;
    packet.sequence = sequence;
    packet.acknowledgement = acknowledgement;
    packet.window = window;
    packet.payload_wire_length = length;
    health.add(packet, sender);
  }
};

void handshake() {
  Connection c;
  c.segment(0, 0, kSyn, 100);
  c.segment(0, 1, kSyn, 100);  // again
  c.segment(1, 4, kSyn | kAck, 500, 0, 101);
  c.segment(0, 6, kAck, 101, 0, 501);
  CHECK(c.health.handshake == 6 * kMillisecond);
  CHECK(c.health.side[0].retransmissions == 1 && c.health.side[1].retransmissions == 0);

  Connection late;
  late.segment(0, 0, kAck, 101, 10, 501);
  late.segment(1, 0, kAck, 501, 10, 111);
  CHECK(late.health.handshake == 0);
}

void order() {
  Connection c;
  c.segment(0, 0, kAck, 0xfffffff0, 16);  // the numbers wrap
  c.segment(0, 1, kAck, 0, 10);
  CHECK(c.health.side[0].retransmissions == 0 && c.health.side[0].out_of_order == 0);
  c.segment(0, 2, kAck, 20, 10);  // 10 to 19 are missing …
  c.segment(0, 3, kAck, 10, 10);  // … and came soon
  CHECK(c.health.side[0].out_of_order == 1);
  c.segment(0, 4, kAck, 40, 10);
  c.segment(0, 300, kAck, 30, 10);  // these were sent again
  CHECK(c.health.side[0].retransmissions == 1 && c.health.side[0].out_of_order == 1);
  c.segment(0, 301, kAck, 30, 10);
  CHECK(c.health.side[0].retransmissions == 2);
  c.segment(0, 302, kAck, 49, 1);  // keep-alive
  c.segment(0, 303, kAck, 50, 0);
  CHECK(c.health.side[0].retransmissions == 2);
  c.segment(0, 304, kAck, 45, 10);  // partly new
  c.segment(0, 305, kAck, 55, 5);
  CHECK(c.health.side[0].retransmissions == 3 && c.health.side[0].out_of_order == 1);
}

void the_end() {
  Connection c;
  c.segment(0, 0, kAck, 1, 10);
  c.segment(1, 0, kAck, 1, 0, 11, 0);
  c.segment(0, 1, kFin | kAck, 11);
  CHECK(c.health.side[1].zero_windows == 1 && !c.health.closed());
  c.segment(1, 1, kFin | kAck, 1);
  CHECK(c.health.closed() && c.health.resets == 0);
  Connection reset;
  reset.segment(0, 0, kAck, 1, 10);
  reset.segment(1, 0, kRst, 1);
  CHECK(reset.health.closed() && reset.health.resets == 1);
}

}  // namespace

int main() {
  handshake();
  order();
  the_end();
}
