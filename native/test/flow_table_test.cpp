// When flows begin, meet, are reported and end.
#include "reassembly/flow_table.h"

#include <string>

#include "check.h"
#include "decode/decode.h"
#include "frame_builder.h"

using namespace packetbeat;
using namespace packetbeat::build;

namespace {

struct Report {
  std::array<double, kFlowColumns> columns;
  std::array<std::string, kFlowTexts> texts;
  double operator[](FlowColumn column) const { return columns[static_cast<size_t>(column)]; }
  const std::string& operator[](FlowText text) const { return texts[static_cast<size_t>(text)]; }
};

struct Reports : FlowSink {
  std::vector<Report> all;
  void report(const FlowReport& report) override {
    Report copy;
    copy.columns = report.columns;
    for (size_t i = 0; i < kFlowTexts; ++i) copy.texts[i] = std::string(report.texts[i]);
    all.push_back(copy);
  }
};

constexpr Time kStart = 1'700'000'003 * kSecond;

/// A table and the packets sent to it, `seconds` after the start.
struct Scene {
  FlowTable table;
  Reports reports;
  explicit Scene(FlowTable::Options options = {}) : table(options) {}

  void send(double seconds, const Bytes& bytes, std::optional<uint64_t> connection = {}) {
    Packet packet;
    decode(frame(bytes, Link::Ethernet, kStart + static_cast<Time>(seconds * kSecond)), packet);
    table.add(packet, connection, reports);
  }
  void udp_from_a(double seconds, uint16_t port = 1000) {
    send(seconds, ethernet(0x0800, ipv4("10.0.0.1", "10.0.0.2", 17, udp(port, 53, text("ask")))));
  }
  void udp_from_b(double seconds) {
    send(seconds,
         ethernet(0x0800, ipv4("10.0.0.2", "10.0.0.1", 17, udp(53, 1000, text("answer"))), kMacB, kMacA));
  }
  void tcp_from(char side, double seconds, uint8_t flags, uint32_t sequence,
                std::optional<uint64_t> connection = {}) {
    Tcp header{.sequence = sequence, .flags = flags};
    send(seconds,
         side == 'a'
             ? ethernet(0x0800, ipv4("10.0.0.1", "10.0.0.2", 6, tcp(4000, 80, {}, header)))
             : ethernet(0x0800, ipv4("10.0.0.2", "10.0.0.1", 6, tcp(80, 4000, {}, header)), kMacB, kMacA),
         connection);
  }
  size_t finish() {
    table.finish(reports);
    CHECK(table.size() == 0);
    return reports.all.size();
  }
};

using enum FlowColumn;

void both_directions_meet() {
  Scene scene;
  scene.udp_from_b(0);  // who sends first is the source
  scene.udp_from_a(0.25);
  scene.udp_from_a(0.5);
  CHECK(scene.finish() == 1);
  const Report& flow = scene.reports.all[0];
  CHECK(flow[FlowText::SourceIps] == "10.0.0.2" && flow[FlowText::DestinationIps] == "10.0.0.1");
  CHECK(flow[FlowText::SourceMac] == "02-00-00-00-00-0B" && flow[SourcePort] == 53 &&
        flow[DestinationPort] == 1000);
  CHECK(flow[SourcePackets] == 1 && flow[SourceBytes] == 48 && flow[DestinationPackets] == 2 &&
        flow[DestinationBytes] == 90);
  CHECK(flow[StartSeconds] == 1'700'000'003 && flow[StartNanoseconds] == 0);
  CHECK(flow[EndSeconds] == 1'700'000'003 && flow[EndNanoseconds] == 500'000'000);
  CHECK(flow[Final] == 1 && flow[Transport] == 17 && flow[HandshakeNanoseconds] == -1);
}

void layers_tell_flows_apart() {
  Scene scene;
  Bytes ip = ipv4("10.0.0.1", "10.0.0.2", 17, udp(1, 2, {}));
  scene.send(0, ethernet(0x0800, ip));
  scene.send(0, ethernet(0x8100, vlan(1, 0x0800, ip)));
  scene.send(0, ethernet(0x8100, vlan(2, 0x0800, ip)));
  scene.send(0, ethernet(0x0800, ipv4("9.9.9.9", "8.8.8.8", 4, ip)));
  scene.send(0, ethernet(0x0806, zeros(28)));
  scene.send(0, ethernet(0x0806, zeros(28), kMacB, kMacA));
  scene.send(0, ethernet(0x0800, ip), 7);
  scene.send(0, zeros(3));  // no addresses
  scene.send(0,
             ethernet(0x0800, ipv4("1.1.1.1", "2.2.2.2", 17, zeros(8), {.fragment = 0x2000})));  // incomplete
  CHECK(scene.finish() == 6);
  CHECK(scene.reports.all[1][FlowText::Vlans] == "1");
  CHECK(scene.reports.all[3][FlowText::SourceIps] == "9.9.9.9,10.0.0.1");
  const Report& arp = scene.reports.all[4];
  CHECK(arp[Transport] == 0 && arp[SourcePackets] == 1 && arp[DestinationPackets] == 1);
  CHECK(arp[FlowText::SourceIps].empty() && arp[FlowText::CommunityId].empty());
}

void timeout_and_period() {
  Scene scene({.timeout = 30 * kSecond, .period = 10 * kSecond});
  scene.udp_from_a(0);
  scene.udp_from_a(6.9);  // the clock shows …09.9: the first tick is at …10
  CHECK(scene.reports.all.empty());
  scene.udp_from_b(7.1);
  CHECK(scene.reports.all.size() == 1 && scene.reports.all[0][Final] == 0);
  CHECK(scene.reports.all[0][SourcePackets] == 2 && scene.reports.all[0][DestinationPackets] == 0);
  scene.table.advance(kStart + 1000 * kSecond, scene.reports);  // makes up for the ticks it jumps over
  CHECK(scene.reports.all.size() == 5 && scene.reports.all[4][Final] == 1 && scene.table.size() == 0);
  scene.udp_from_a(1001);
  CHECK(scene.finish() == 6);
}

void only_at_the_end() {
  Scene scene({.timeout = 30 * kSecond, .period = 0});
  for (int i = 0; i < 20; ++i) scene.udp_from_a(i * 20.0);
  CHECK(scene.reports.all.empty());
  CHECK(scene.finish() == 1 && scene.reports.all[0][SourcePackets] == 20);
}

/// A wrong clock in a file must not cost a report for every tick of a century.
void time_leaps() {
  Scene scene({.timeout = 1'000'000'000 * kSecond, .period = kSecond});
  scene.udp_from_a(0);
  scene.udp_from_a(900'000'000);
  CHECK(scene.finish() < 4000);
}

void delta() {
  Scene scene({.timeout = 30 * kSecond, .period = 10 * kSecond, .delta = true});
  for (int i = 0; i < 18; ++i) scene.udp_from_a(i);
  CHECK(scene.finish() == 3);
  CHECK(scene.reports.all[0][SourcePackets] == 7 && scene.reports.all[1][SourcePackets] == 10);
  CHECK(scene.reports.all[2][SourcePackets] == 1 && scene.reports.all[2][Final] == 1);
}

void table_full() {
  Scene scene({.maximum = 3});
  for (uint16_t port = 1; port <= 3; ++port) scene.udp_from_a(port, port);
  scene.udp_from_a(4, 1);  // 2 is now idle longest
  scene.udp_from_a(5, 4);
  CHECK(scene.table.counters().evicted == 1 && scene.table.size() == 3);
  CHECK(scene.reports.all.size() == 1 && scene.reports.all[0][SourcePort] == 2 &&
        scene.reports.all[0][Final] == 1);

  Scene busy({.period = 0, .maximum = 500});
  for (int i = 0; i < 20'000; ++i) busy.udp_from_a(i * 0.001, static_cast<uint16_t>(i * 7919 % 3000));
  CHECK(busy.table.size() == 500);
  busy.finish();
  double packets = 0;
  for (const Report& flow : busy.reports.all) packets += flow[SourcePackets];
  CHECK(packets == 20'000);
}

void connections_end() {
  using namespace tcp_flag;
  Scene scene({.timeout = 30 * kSecond, .period = 0});
  scene.tcp_from('a', 0, kSyn, 1000);
  scene.tcp_from('b', 0.01, kSyn | kAck, 5000);
  scene.tcp_from('a', 0.02, kFin | kAck, 1001);
  scene.tcp_from('b', 0.03, kFin | kAck, 5001);
  scene.tcp_from('a', 0.04, kAck, 1002);  // still belongs to it
  scene.tcp_from('a', 1, kSyn, 1000);     // a late copy does, too
  CHECK(scene.reports.all.empty());
  scene.tcp_from('a', 1.5, kSyn, 77'000);  // the ports again
  CHECK(scene.reports.all.size() == 1);
  CHECK(scene.reports.all[0][FlowText::TcpEnd] == "fin" && scene.reports.all[0][SourcePackets] == 4);
  scene.tcp_from('b', 1.6, kRst | kAck, 0);
  scene.udp_from_a(9);  // time goes on
  CHECK(scene.reports.all.size() == 2 && scene.reports.all[1][FlowText::TcpEnd] == "reset");
  CHECK(scene.reports.all[1][Resets] == 1);
  CHECK(scene.finish() == 3);

  // With the numbers of connections there is no need to guess.
  Scene numbered;
  numbered.tcp_from('a', 0, kSyn, 1000, 1);
  numbered.tcp_from('a', 1, kSyn, 2000, 2);
  CHECK(numbered.finish() == 2 &&
        numbered.reports.all[0][FlowText::Id] != numbered.reports.all[1][FlowText::Id]);
}

/// A file put together from several: closed connections go on when its time goes back.
void time_goes_back() {
  using namespace tcp_flag;
  Scene scene({.timeout = 30 * kSecond, .period = 0});
  scene.tcp_from('a', 0, kFin | kAck, 1);
  scene.tcp_from('b', 0, kFin | kAck, 1);
  scene.udp_from_a(1.5);
  scene.udp_from_a(0);
  scene.udp_from_a(12);
  scene.tcp_from('b', 0, kAck, 2);
  CHECK(scene.finish() == 2);
}

}  // namespace

int main() {
  both_directions_meet();
  layers_tell_flows_apart();
  timeout_and_period();
  only_at_the_end();
  time_leaps();
  delta();
  table_full();
  connections_end();
  time_goes_back();
}
